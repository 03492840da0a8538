/** `palette pack render` */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { CliError, exitCodes } from '#cli/cli-error';
import { cacheFolder } from '#cli/folders';
import { formatTable, write, writeJson } from '#cli/output';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { untilTold } from '#cli/until-told';
import { silentLogger } from '#core/log';
import {
  applyPresets,
  checkConstraints,
  checkValues,
  createRenderer,
  findMacroReferences,
  formatProblem,
  openPackArchive,
  openPackDirectory,
  PackError,
  packOfChart,
  parsePresetName,
  type Pack,
} from '#packs/index';
import { ProfileDocument } from '#profiles/document';
import { renderedYaml } from '#profiles/render/format-rendered';
import { maskRendered } from '#profiles/render/mask-rendered';
import { sourcedPack } from '#profiles/render/sourced-pack';
import type { PackSource } from '#profiles/render/pack-source';
import { renderProfile } from '#profiles/render/render-profile';
import type { RenderedProfile } from '#profiles/rendered';

import type { ClusterOptions } from './profile-options.ts';
import { clusterOf } from './profile-sources.ts';

export type PackRenderOptions = ClusterOptions & {
  readonly output: 'yaml' | 'json' | 'table';
  readonly values?: string;
  readonly preset?: readonly string[];
  readonly strict?: true;
  readonly showSecrets?: true;
};

/** Prints the objects of a pack as an agent would apply them. @throws CliError, PackError, RenderError. */
export async function renderPack(path: string, options: PackRenderOptions): Promise<void> {
  const { signal, forget } = untilTold();
  try {
    const pack = await openPack(path);
    const given = options.values === undefined ? '' : await valuesOf(options.values);
    const presets = (options.preset ?? []).map(parsePresetName);
    const values = presets.length === 0 ? given : applyPresets(pack, given || pack.values, presets);
    const cluster = await clusterOf(options);
    tellProblems(pack, values, options);

    const variables = cluster.variables ?? {};
    const document = ProfileDocument.parse({
      apiVersion: 'palette-iac.dev/v1',
      kind: 'ClusterProfile',
      name: pack.name,
      variables: Object.keys(variables).map((name) => ({ name })),
      layers: [{ name: pack.name, layer: pack.layer, version: pack.version, values }],
    });
    refuseUnread(pack, values, Object.keys(variables));
    const note = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const helm = await ensureTool('helm', { signal, onProgress: note });
    const renderer = createRenderer({
      helm,
      workDir: join(cacheFolder(), 'render', String(process.pid)),
      cacheDir: join(cacheFolder(), 'renders'),
      log: silentLogger,
    });
    const rendered = await renderProfile(document, { ...cluster, source: sourceOf(pack), renderer, signal });
    print(options.showSecrets === true ? rendered : maskRendered(rendered, document, variables), options.output);
  } finally {
    forget();
  }
}

/** A source that has one pack. */
function sourceOf(pack: Pack): PackSource {
  return {
    description: `${pack.name} ${pack.version}`,
    versions: async () => [pack.version],
    open: async () => sourcedPack(pack),
  };
}

/** The pack in a folder or an archive, or the chart of an archive. */
export async function openPack(path: string): Promise<Pack> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CliError(`${path}: there is no such folder or archive`, { cause, exitCode: exitCodes.usage });
  });
  if (found.isDirectory()) return openPackDirectory(path);
  const bytes = await readFile(path);
  try {
    return await openPackArchive(bytes);
  } catch (error) {
    if (!(error instanceof PackError) || !error.problems.some(({ rule }) => rule === 'pack-json-missing')) throw error;
    return (await packOfChart(bytes)).pack;
  }
}

async function valuesOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`--values ${file}: the file cannot be read`, { cause, exitCode: exitCodes.usage });
  });
}

/** What schema.yaml and the pack's constraints say goes to standard error, where the objects do not. */
function tellProblems(pack: Pack, values: string, { strict, kubeVersion }: PackRenderOptions): void {
  const problems = [
    ...checkValues(pack, values).map(formatProblem),
    ...checkConstraints([{ name: pack.name, version: pack.version, layer: pack.layer, pack }], { kubeVersion })
      // What other packs it needs is a question to the profile it comes into.
      .filter(({ code }) => code === 'KubeVersionUnsupported' || code === 'ConstraintUnreadable')
      .map(({ message, code }) => `pack.json: ${message} (${code})`),
  ];
  if (problems.length === 0) return;
  if (strict === true) throw new CliError(problems.join('\n'));
  process.stderr.write(`${problems.map((problem) => `warning: ${problem}`).join('\n')}\n`);
}

function refuseUnread(pack: Pack, values: string, names: readonly string[]): void {
  const texts = [
    values,
    pack.values,
    ...pack.presets.map(({ add }) => add),
    ...pack.manifests.map(({ content }) => content),
  ];
  const read = new Set(texts.flatMap((text) => findMacroReferences(text).flatMap(({ paths }) => paths)));
  const unread = names.find((name) => !read.has(`var.${name}`));
  if (unread !== undefined)
    throw new CliError(`--set ${unread}: nothing in the pack reads {{.spectro.var.${unread}}}`, {
      exitCode: exitCodes.usage,
    });
}

function print(rendered: RenderedProfile, output: PackRenderOptions['output']): void {
  const objects = rendered.layers.flatMap((layer) => layer.objects);
  switch (output) {
    case 'yaml':
      write(renderedYaml(rendered));
      return;
    case 'json':
      writeJson(objects);
      return;
    case 'table':
      write(
        formatTable(
          ['kind', 'namespace', 'name'],
          objects.map(({ kind, metadata }) => [kind, metadata.namespace ?? '', metadata.name]),
          'nothing to apply',
        ),
      );
  }
}
