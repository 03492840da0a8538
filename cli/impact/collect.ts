/** Asks the fleet what a change would do, and waits for the answers. */
import { CliError } from '#cli/cli-error';
import { isNotFound, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';

/** A cluster's answer; without one the lists are empty. */
export type ClusterImpact = Schemas['ImpactClusterDetail'];

export interface ProfileImpact {
  readonly profile: Schemas['Impact']['profile'];
  readonly clusters: readonly ClusterImpact[];
}

export interface AskOptions {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

/** The plane answers such a question at the latest after so many seconds. */
const LOOK_SECONDS = 10;
/** Details are read of so many clusters at once. */
const AT_ONCE = 4;

/** @throws ApiError for what cannot be asked about; CliError when the API knows no such questions */
export async function askFleet(body: Schemas['ImpactRequest'], options: AskOptions): Promise<ProfileImpact> {
  const { client, scope, signal } = options;
  let impact = await client.post('/v1/impacts', { body, scope, signal, repeatable: true }).catch((error: unknown) => {
    if (!isNotFound(error) || client.offers('impact') === true) throw error;
    throw new CliError('the API cannot say what a change would do', {
      cause: error,
      hint: 'It needs a management plane of Palette IaC; `palette profile diff` compares without one.',
    });
  });
  const path = { uid: impact.uid };
  while (!impact.complete)
    impact = await client.get('/v1/impacts/{uid}', { path, query: { waitSeconds: LOOK_SECONDS }, scope, signal });
  const clusters: ClusterImpact[] = [];
  const queue = impact.clusters.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [at, cluster] of queue) {
        clusters[at] =
          cluster.state === 'answered'
            ? await client.get('/v1/impacts/{uid}/clusters/{clusterUid}', {
                path: { ...path, clusterUid: cluster.uid },
                scope,
                signal,
              })
            : { ...cluster, changes: [], refused: [], hooks: [], omitted: 0 };
      }
    }),
  );
  return { profile: impact.profile, clusters };
}
