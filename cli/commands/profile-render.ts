/** `palette profile render` */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CliError } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { titleOf } from '#profiles/problem';
import { renderedYaml } from '#profiles/render/format-rendered';
import { maskRendered } from '#profiles/render/mask-rendered';
import { renderProfile } from '#profiles/render/render-profile';
import type { RenderedProfile } from '#profiles/rendered';

import type { ClusterOptions, SourceOptions } from './profile-options.ts';
import { clusterOf, withWorkbench } from './profile-sources.ts';

export type RenderOptions = SourceOptions &
  ClusterOptions & {
    readonly output: 'yaml' | 'json' | 'table';
    readonly outputDir?: string;
    readonly showSecrets?: true;
  };

export async function render(file: string, options: RenderOptions): Promise<void> {
  await withWorkbench(options, async (bench) => {
    const loaded = await bench.load(file);
    const renderer = await bench.renderer();
    const cluster = await clusterOf(options);
    const { source, signal } = bench;
    const all: RenderedProfile[] = [];
    for (const { document } of loaded) {
      const names = document.variables.map(({ name }) => name);
      // Of several profiles each takes the values that are its own; a value that none takes is a mistake.
      const own = Object.entries(cluster.variables ?? {}).filter(
        ([name]) => loaded.length === 1 || names.includes(name),
      );
      const variables = Object.fromEntries(own);
      const rendered = await renderProfile(document, { ...cluster, variables, source, renderer, signal });
      tellRefused(rendered);
      all.push(options.showSecrets === true ? rendered : maskRendered(rendered, document, variables));
    }
    const known = new Set(loaded.flatMap(({ document }) => document.variables.map(({ name }) => name)));
    const unknown = Object.keys(cluster.variables ?? {}).find((name) => !known.has(name));
    if (unknown !== undefined) throw new CliError(`--set ${unknown}: no profile of ${file} has that variable`);
    if (options.outputDir === undefined) print(all, options.output);
    else await writeFiles(all, options.outputDir);
  });
}

/** What an author has to know and no output format has a place for. */
function tellRefused({ refused = [], ...profile }: RenderedProfile): void {
  for (const { layer, other, object } of refused) {
    const name = [object.namespace, object.name].filter(Boolean).join('/');
    process.stderr.write(
      `profile ${titleOf(profile)}, layer ${layer}: warning: ${object.kind} ${name} is brought by layer ${other} already; agents take it from there, remove it from one of the two\n`,
    );
  }
}

function print(all: readonly RenderedProfile[], output: RenderOptions['output']): void {
  switch (output) {
    case 'yaml':
      for (const rendered of all)
        write(`# Profile: ${titleOf(rendered)}\n# Digest: ${rendered.digest}\n${renderedYaml(rendered)}`);
      return;
    case 'json':
      writeJson(
        all.map(({ layers, ...rest }) => ({
          ...rest,
          layers: layers.map(({ layer: { name, layer, version, installPriority }, objects }) => ({
            name,
            layer,
            version,
            installPriority,
            objects,
          })),
        })),
      );
      return;
    case 'table':
      write(
        formatTable(
          ['profile', 'layer', 'kind', 'namespace', 'name'],
          all.flatMap((rendered) =>
            rendered.layers.flatMap(({ layer, objects }) =>
              objects.map(({ kind, metadata }) => [
                titleOf(rendered),
                layer.name,
                kind,
                metadata.namespace ?? '',
                metadata.name,
              ]),
            ),
          ),
          'nothing to apply',
        ),
      );
  }
}

/** `<dir>/<profile>/<nn>-<layer>.yaml`, in the order of installation. */
async function writeFiles(all: readonly RenderedProfile[], dir: string): Promise<void> {
  const names = folderNames(all);
  for (const [at, rendered] of all.entries()) {
    const folder = join(dir, names[at] ?? '');
    await mkdir(folder, { recursive: true });
    for (const [index, one] of rendered.layers.entries()) {
      const file = join(folder, `${String(index).padStart(2, '0')}-${fileName(one.layer.name)}.yaml`);
      await writeFile(file, renderedYaml({ ...rendered, layers: [one] }), { mode: 0o600 });
      write(file);
    }
  }
}

/** A folder for each profile: its name, with the version where the name alone is that of another one too. */
export function folderNames(all: readonly Pick<RenderedProfile, 'name' | 'version'>[]): readonly string[] {
  const names = all.map(({ name }) => fileName(name));
  const versioned = all.map(({ name, version }, at) =>
    names.indexOf(fileName(name)) === names.lastIndexOf(fileName(name))
      ? (names[at] ?? '')
      : fileName(`${name}-${version}`),
  );
  return versioned.map((name, at) => (versioned.indexOf(name) === at ? name : `${name}-${at}`));
}

function fileName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '-').replace(/^\.+/, '');
}
