/** Whether a cluster can take what it would be asked for: constraints of packs against its agent and its Kubernetes. */
import { checkConstraints, type ConstraintProblem } from '#packs/index';
import { PackConstraints } from '#packs/pack-json';
import { PlaneError } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { versionSkew } from '#protocol/version-skew';
import type { DesiredLayer } from '#protocol/desired-state';

export interface Fitting {
  readonly uid: string;
  readonly name: string;
}

interface ClusterFacts {
  agent_version: string;
  kubernetes_version: string;
}

/** What does not hold for these layers on a cluster; what is not known of the cluster yet is not checked. */
export async function constraintProblems(
  tx: Transaction,
  clusterUid: string,
  layers: readonly DesiredLayer[],
): Promise<ConstraintProblem[]> {
  const [cluster] = await tx.query<ClusterFacts>(
    'SELECT agent_version, kubernetes_version FROM clusters WHERE uid = $1',
    [clusterUid],
  );
  const digests = layers.flatMap(({ content }) => content ?? []);
  if (cluster === undefined || digests.length === 0) return [];
  const packs = await tx.query<{ digest: string; constraints: unknown; kube_version: string | null }>(
    `SELECT DISTINCT ON (digest) digest, document->'constraints' AS constraints, document->>'kubeVersion' AS kube_version
     FROM packs WHERE digest = ANY ($1::text[])`,
    [digests],
  );
  return checkConstraints(
    layers.map(({ name, version, layer, content, values }) => {
      const pack = packs.find(({ digest }) => digest === content);
      return {
        name,
        version,
        layer,
        values,
        pack: pack && {
          // Packs that came before constraints were kept have none.
          constraints: PackConstraints.parse(pack.constraints ?? {}),
          kubeVersion: pack.kube_version ?? '',
        },
      };
    }),
    {
      agentVersion: cluster.agent_version || undefined,
      kubeVersion: cluster.kubernetes_version || undefined,
    },
  );
}

/**
 * Refuses a change that brings a cluster packs which it cannot take. What it has already does not count: a change
 * elsewhere must not fail for it. An agent that is too old always counts.
 *
 * @param before digests of the packs that the cluster has.
 * @throws PlaneError 422 with the constraint's code, such as `AgentTooOld`, that names cluster, pack and versions.
 */
export async function refuseUnfit(
  tx: Transaction,
  cluster: Fitting,
  layers: readonly DesiredLayer[],
  before: readonly string[],
): Promise<void> {
  const fresh = new Set(
    layers.filter(({ content }) => content !== undefined && !before.includes(content)).map(({ name }) => name),
  );
  const problems = (await constraintProblems(tx, cluster.uid, layers)).filter(
    ({ severity, code, pack }) => severity === 'error' && (code === 'AgentTooOld' || fresh.has(pack)),
  );
  const [first] = problems;
  if (first === undefined) return;
  throw new PlaneError(422, first.code, `cluster ${cluster.name}: ${first.message}`, {
    cluster: { uid: cluster.uid, name: cluster.name },
    problems,
  });
}

/** Why a document may not be sent to the agent that the cluster has now; undefined when it may. */
export async function unsendable(
  tx: Transaction,
  clusterUid: string,
  layers: readonly DesiredLayer[],
  planeVersion: string,
): Promise<string | undefined> {
  const [cluster] = await tx.query<Pick<ClusterFacts, 'agent_version'>>(
    'SELECT agent_version FROM clusters WHERE uid = $1',
    [clusterUid],
  );
  const skew = versionSkew(cluster?.agent_version ?? '', planeVersion);
  if (skew.kind === 'agent too old') return skew.message;
  const problems = await constraintProblems(tx, clusterUid, layers);
  return problems.find(({ code }) => code === 'AgentTooOld')?.message;
}
