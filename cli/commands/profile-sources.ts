/** What commands on profiles work with: profiles of files, packs of folders or of a plane, Helm, and what clusters give. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readIfThere } from '#cli/atomic-file';
import { CliError, exitCodes } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { cacheFolder } from '#cli/folders';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { untilTold } from '#cli/until-told';
import { silentLogger } from '#core/log';
import type { PaletteClient, Scope } from '#openapi/client/index';
import { createRenderer, isJsonObject, type Renderer } from '#packs/index';
import { parseYaml } from '#packs/yaml';
import { withPolicies } from '#profiles/authoring/attached';
import { applyLock, EMPTY_LOCK, lockPathOf, parseLock, unlockedLayers, type LockFile } from '#profiles/lock/lock-file';
import { lockedSource } from '#profiles/lock/locked-source';
import { loadProfiles, parseLocation, type LoadedProfile } from '#profiles/load/load-profiles';
import { titleOf } from '#profiles/problem';
import { archiveCache } from '#profiles/render/archive-cache';
import { directorySource } from '#profiles/render/directory-source';
import { combineSources, type PackSource } from '#profiles/render/pack-source';
import { planeSource } from '#profiles/render/plane-source';
import type { RenderProfileOptions } from '#profiles/render/render-profile';

import type { ClusterOptions, SourceOptions } from './profile-options.ts';

/** What a command on profiles works with; it ends with the command. */
export interface Workbench {
  /** Folders, or the plane. Locked packs are known by their content. */
  readonly source: PackSource;
  readonly signal: AbortSignal;
  /** The profiles of a file, their layers as the lock file beside it pins them. */
  load(location: string): Promise<readonly LoadedProfile[]>;
  /** With Helm, which is built when the machine has none. */
  renderer(): Promise<Renderer>;
  /** The API, when the command was told to ask one or has to. */
  client(): Promise<{ readonly client: PaletteClient; readonly scope: Scope }>;
}

/** Runs a command's work, and closes what it opened. Ctrl-C ends it in order. */
export async function withWorkbench<T>(options: SourceOptions, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const { signal, forget } = untilTold();
  let connected: ReturnType<Workbench['client']> | undefined;
  const client: Workbench['client'] = async () => (connected ??= connectIn(options));
  let lock: LockFile = EMPTY_LOCK;
  const sources = sourcesOf(options, client);
  const bench: Workbench = {
    signal,
    client,
    source: {
      description: sources.description,
      versions: async (pack, at) => sources.versions(pack, at),
      open: async (request, at) => lockedSource(sources, lock).open(request, at),
    },
    load: async (location) => {
      const file = lockPathOf(parseLocation(location).file);
      const text = await readIfThere(file);
      const own = text === undefined ? EMPTY_LOCK : parseLock(file, text);
      lock = { lockVersion: 1, packs: [...lock.packs, ...own.packs] };
      const loaded = (await loadProfiles(location)).map((one) => ({ ...one, document: locked(one, own) }));
      if (options.locked === true) for (const { document } of loaded) refuseUnlocked(document);
      return loaded;
    },
    renderer: async () => {
      const note = (line: string): void => void process.stderr.write(`  ${line}\n`);
      const helm = await ensureTool('helm', { signal, onProgress: note });
      return createRenderer({
        helm,
        workDir: join(cacheFolder(), 'render', String(process.pid)),
        cacheDir: join(cacheFolder(), 'renders'),
        log: silentLogger,
      });
    },
  };
  try {
    return await work(bench);
  } finally {
    forget();
    await connected?.then(
      (one) => one.client.close(),
      () => undefined,
    );
  }
}

/** Rules that a program attached go with the document. */
function locked({ document, policies }: LoadedProfile, lock: LockFile): LoadedProfile['document'] {
  return withPolicies(applyLock(document, lock), policies);
}

function refuseUnlocked(document: LoadedProfile['document']): void {
  const open = unlockedLayers(document);
  if (open.length > 0)
    throw new CliError(`profile ${titleOf(document)}: no lock file pins ${open.join(', ')}`, {
      hint: 'Run `palette profile lock FILE` and commit palette.lock.json.',
    });
}

function sourcesOf(options: SourceOptions, client: Workbench['client']): PackSource {
  const { packs = [] } = options;
  const plane = lazily(options.host ?? process.env['SPECTROCLOUD_HOST'] ?? 'the environment', async () => {
    const { client: api, scope } = await client().catch(noPacks);
    return planeSource({
      client: api,
      scope,
      host: options.host ?? process.env['SPECTROCLOUD_HOST'] ?? 'the environment',
      cache: archiveCache(join(cacheFolder(), 'packs')),
    });
  });
  if (packs.length === 0) return plane;
  const folders = directorySource(packs);
  // The API only when it is named: what is checked offline shall not depend on the shell's environment.
  return options.host === undefined && options.home === undefined ? folders : combineSources([folders, plane]);
}

/** Connects when the first pack is asked for: a profile of manifests alone needs no API. */
function lazily(host: string, make: () => Promise<PackSource>): PackSource {
  let made: Promise<PackSource> | undefined;
  const source = async (): Promise<PackSource> => (made ??= make());
  return {
    description: `the registries of ${host}`,
    versions: async (pack, options) => (await source()).versions(pack, options),
    open: async (request, options) => (await source()).open(request, options),
  };
}

/** Who looks for packs alone need not have an API. */
function noPacks(error: unknown): never {
  if (error instanceof CliError && error.message === 'no API to talk to')
    throw new CliError('no packs to look at', {
      cause: error,
      hint: 'Give a folder of packs with --packs, start an environment with `palette up`, or set SPECTROCLOUD_HOST and SPECTROCLOUD_APIKEY.',
    });
  throw error;
}

async function connectIn(options: SourceOptions): ReturnType<Workbench['client']> {
  const client = await connect(options);
  const { project } = options;
  if (project === undefined) return { client, scope: { kind: 'tenant' } };
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = (items ?? []).find(({ metadata }) => metadata?.name === project)?.metadata?.uid;
  if (projectUid !== undefined) return { client, scope: { kind: 'project', projectUid } };
  client.close();
  throw new CliError(`there is no project ${JSON.stringify(project)}`, {
    hint: `There are: ${(items ?? []).map(({ metadata }) => metadata?.name).join(', ')}.`,
  });
}

/** @throws CliError that names the option. */
export async function clusterOf(
  options: ClusterOptions,
): Promise<Pick<RenderProfileOptions, 'variables' | 'macros' | 'system' | 'kubeVersion' | 'apiVersions'>> {
  return {
    variables: await pairs('--set', options.set ?? []),
    macros: await pairs('--macro', options.macro ?? []),
    system: options.cluster === undefined ? {} : await systemOf(options.cluster),
    ...(options.kubeVersion === undefined ? {} : { kubeVersion: options.kubeVersion }),
    apiVersions: options.apiVersions ?? [],
  };
}

async function pairs(option: string, texts: readonly string[]): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw new CliError(`${option} ${text}: expected name=value`, { exitCode: exitCodes.usage });
    const value = text.slice(at + 1);
    found.push([text.slice(0, at), value.startsWith('@') ? await contentOf(option, value.slice(1)) : value]);
  }
  return Object.fromEntries(found);
}

async function contentOf(option: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${option}: ${file} cannot be read`, { cause, exitCode: exitCodes.usage });
  });
}

/** A file of system macros, nested (`cluster: {name: x}`) or dotted (`cluster.name: x`); else a name. */
async function systemOf(given: string): Promise<Record<string, string>> {
  if (!/\.(ya?ml|json)$/.test(given)) return { 'cluster.name': given };
  const { value, problems } = parseYaml(await contentOf('--cluster', given));
  const [problem] = problems;
  if (problem || !isJsonObject(value))
    throw new CliError(
      `--cluster ${given}${problem ? `:${problem.line}: ${problem.message}` : ': expected a map of system macros, such as cluster: {name: edge-1}'}`,
      { exitCode: exitCodes.usage },
    );
  return Object.fromEntries(flattened(value, ''));
}

function flattened(value: object, prefix: string): [string, string][] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    isJsonObject(item) ? flattened(item, `${prefix}${key}.`) : [[`${prefix}${key}`, scalarText(item)]],
  );
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
