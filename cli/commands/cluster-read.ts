import { CliError } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { formatTable, write, writeJson } from '#cli/output';
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';

import type { ApiOptions, OutputOptions } from './options.ts';

const PAGE = 50;
const TENANT = { kind: 'tenant' } as const;

type Options = ApiOptions & OutputOptions & { readonly project?: string };

interface ClusterLine {
  readonly name: string;
  readonly uid: string;
  readonly project: string;
  readonly state: string;
  readonly health: string;
}

export async function list(options: Options): Promise<void> {
  await withClient(options, async (client, scope) => {
    const lines = await readAll(client, scope);
    if (options.output === 'json') writeJson(lines);
    else
      write(
        formatTable(
          ['name', 'project', 'state', 'health', 'uid'],
          lines.map(({ name, project, state, health, uid }) => [name, project, state, health, uid]),
          'no clusters',
        ),
      );
  });
}

export async function get(name: string, options: Options): Promise<void> {
  await withClient(options, async (client, scope) => {
    const line = await findCluster(client, scope, name);
    const cluster = await client.get('/v1/spectroclusters/{uid}', { path: { uid: line.uid }, scope });
    const packs = (cluster.status?.packs ?? []).map(packLine);
    const message = cluster.status?.conditions?.find(({ type }) => type === 'Healthy')?.message ?? '';
    const profiles = (cluster.spec?.clusterProfileTemplates ?? []).map(profileLine);
    const result = { ...line, message, profiles, packs };
    if (options.output === 'json') writeJson(result);
    else {
      const head = Object.entries({ ...line, message }).filter(([, value]) => value !== '');
      write(head.map(([key, value]) => `${`${key}:`.padEnd(9)} ${value}`).join('\n'));
      write(
        formatTable(
          ['profile', 'version', 'content', 'digest'],
          profiles.map((profile) => [profile.name, profile.version, profile.content, profile.digest]),
          'no profiles',
        ),
      );
      write(
        formatTable(
          ['pack', 'version', 'condition', 'message'],
          packs.map((pack) => [pack.name, pack.version, pack.condition, pack.message]),
          'no packs',
        ),
      );
    }
  });
}

function profileLine({ name, profileVersion, digest, runningDigest }: Schemas['v1ClusterProfileTemplate']): {
  readonly name: string;
  readonly version: string;
  /** Whether the agent has applied what the profile is now. */
  readonly content: string;
  readonly digest: string;
  readonly runningDigest: string;
} {
  return {
    name: name ?? '',
    version: profileVersion ?? '',
    content: digest !== undefined && digest === runningDigest ? 'running' : 'on its way',
    digest: digest ?? '',
    runningDigest: runningDigest ?? '',
  };
}

function packLine(status: Schemas['v1ClusterPackStatus']): {
  readonly name: string;
  readonly version: string;
  readonly condition: string;
  readonly message: string;
} {
  return {
    name: status.name ?? '',
    version: status.version ?? '',
    condition: status.condition?.type ?? '',
    message: status.condition?.message ?? '',
  };
}

/** A cluster by name or identifier. @throws CliError when there is none, or more than one */
export async function findCluster(client: PaletteClient, scope: Scope, name: string): Promise<ClusterLine> {
  const lines = await readAll(client, scope);
  const found = lines.filter((line) => line.uid === name || line.name === name);
  const [line] = found;
  if (line === undefined)
    throw new CliError(`there is no cluster ${JSON.stringify(name)}`, {
      hint:
        lines.length === 0 ? 'There are no clusters here.' : `There are: ${lines.map((one) => one.name).join(', ')}.`,
    });
  if (found.length > 1)
    throw new CliError(`${found.length} clusters are named ${JSON.stringify(name)}`, {
      hint: `Name the project with --project: ${found.map((one) => one.project).join(', ')}.`,
    });
  return line;
}

/** Runs `work` with a client of the options, and the scope of their project. */
export async function withClient(
  options: Options,
  work: (client: PaletteClient, scope: Scope) => Promise<void>,
): Promise<void> {
  const client = await connect(options);
  try {
    await work(client, await scopeOf(client, options.project));
  } finally {
    client.close();
  }
}

async function scopeOf(client: PaletteClient, project: string | undefined): Promise<Scope> {
  if (project === undefined) return TENANT;
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: TENANT });
  const found = (items ?? []).find(({ metadata }) => metadata?.name === project);
  if (found?.metadata?.uid !== undefined) return { kind: 'project', projectUid: found.metadata.uid };
  throw new CliError(`there is no project ${JSON.stringify(project)}`, {
    hint: `There are: ${(items ?? []).map(({ metadata }) => metadata?.name).join(', ')}.`,
  });
}

async function readAll(client: PaletteClient, scope: Scope): Promise<ClusterLine[]> {
  const lines: ClusterLine[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await client.post('/v1/dashboard/spectroclusters/search', {
      query: { limit: PAGE, offset },
      body: {},
      scope,
    });
    for (const { metadata, status, specSummary } of items ?? []) {
      lines.push({
        name: metadata?.name ?? '',
        uid: metadata?.uid ?? '',
        project: specSummary?.projectMeta?.name ?? '',
        state: status?.state ?? '',
        health: status?.health?.state ?? '',
      });
    }
    if ((items ?? []).length < PAGE) return lines;
  }
}
