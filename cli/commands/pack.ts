/** `palette pack lint | render | import | push | list | sign | verify` */
import { type Command, Option } from 'commander';

import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';
import type { PackImportOptions } from './pack-import.ts';
import type { PackRenderOptions } from './pack-render.ts';
import { addPackSigningCommands } from './pack-signing.ts';
import { repeatable, withClusterOptions, withSourceOptions } from './profile-options.ts';

export function addPackCommands(program: Command): void {
  const pack = program
    .command('pack')
    .summary('check packs, render them, push them, list them')
    .description('Works with packs: what cluster profiles are made of.');
  examples(
    pack
      .command('lint <paths...>')
      .description('Checks pack folders or archives and says file, line and reason of every problem. Needs no API.')
      .addOption(outputOption())
      .option('--strict', 'warnings fail too')
      .action(async (paths: string[], options: OutputOptions & { strict?: true }) => {
        const { lint } = await import('./pack-lint.ts');
        await lint(paths, options);
      }),
    ['palette pack lint packs/*', 'palette pack lint nginx-1.0.0.tgz --output json'],
    ['0 no errors', '1 errors were found', '2 wrong use'],
  );
  examples(
    withClusterOptions(
      pack
        .command('render <path>')
        .summary('print the objects that an agent would apply')
        .description(
          'Renders a pack folder or archive, or a chart archive, as an agent would: the same code, the same Helm. ' +
            'Contents of Secrets are hidden. Needs no API.',
        )
        .option('--values <file>', "values over the pack's own, as a profile's layer has them")
        .addOption(repeatable('--preset <group:name>', 'preset to apply to the values; repeatable'))
        .addOption(
          new Option('-o, --output <format>', 'how they are printed')
            .choices(['yaml', 'json', 'table'])
            .default('yaml'),
        )
        .option('--strict', 'values that schema.yaml does not allow fail')
        .option('--show-secrets', 'hide nothing'),
    ).action(async (path: string, options: PackRenderOptions) => {
      const { renderPack } = await import('./pack-render.ts');
      await renderPack(path, options);
    }),
    [
      'palette pack render packs/nginx-1.0.0 --set replicas=3',
      'palette pack render packs/argocd-3.3.5 --preset "Service type:nodeport" --output table',
      'palette pack render nginx-15.0.0.tgz --values my-values.yaml --kube-version 1.33.4',
    ],
  );
  examples(
    withSourceOptions(
      pack
        .command('import <name>')
        .summary("write the types of a pack's values for programs")
        .description(
          "Writes a TypeScript module with the types of a pack's values and presets, read from its schema.yaml, its charts' " +
            'values.schema.json and its values.yaml, and with a function that makes a layer of it. NAME is a pack, NAME@VERSION, ' +
            'or the path of a folder or archive.',
        )
        .addOption(
          new Option('--type <type>', 'a pack, or a chart of a Helm or OCI registry')
            .choices(['spectro', 'helm', 'oci'])
            .default('spectro'),
        )
        .option('--registry <name>', 'registry it is in (default: the default one)')
        .option(
          '--output-file <file>',
          'where to; `.d.ts` gets the types alone, `-` is standard output (default: NAME.ts)',
        )
        .option('--strict', 'values take only the keys that the pack has already'),
    ).action(async (name: string, options: PackImportOptions) => {
      const { importPack } = await import('./pack-import.ts');
      await importPack(name, options);
    }),
    [
      'palette pack import argocd --packs packs',
      'palette pack import nginx@1.x --output-file packs/nginx.d.ts',
      'palette pack import podinfo --type helm --registry charts',
    ],
  );
  examples(
    withApiOptions(
      pack
        .command('push <paths...>')
        .description(
          'Checks pack folders or archives and pushes them into a pack registry. The same pack may be pushed again.',
        )
        .option('--registry <name>', 'pack registry to push to (default: the first one)')
        .addOption(outputOption()),
    ).action(async (paths: string[], options: ApiOptions & OutputOptions & { registry?: string }) => {
      const { push } = await import('./pack-push.ts');
      await push(paths, options);
    }),
    ['palette pack push packs/nginx-1.0.0', 'palette pack push packs/* --registry "Palette Registry"'],
  );
  examples(
    withApiOptions(
      pack
        .command('list')
        .description('Lists the packs of all registries, one line for each version.')
        .option('--name <name>', 'only packs of this name')
        .addOption(outputOption()),
    ).action(async (options: ApiOptions & OutputOptions & { name?: string }) => {
      const { list } = await import('./pack-list.ts');
      await list(options);
    }),
    ['palette pack list', 'palette pack list --name nginx --output json'],
  );
  addPackSigningCommands(pack);
}
