/** `palette profile lint | render | lock`: profiles as code, looked at without a cluster. */
import { type Command, Option } from 'commander';

import { examples, outputOption } from './options.ts';
import type { LintOptions } from './profile-lint.ts';
import type { LockOptions } from './profile-lock.ts';
import { withClusterOptions, withSourceOptions } from './profile-options.ts';
import type { RenderOptions } from './profile-render.ts';

export function addAuthoringCommands(profile: Command): void {
  examples(
    withSourceOptions(
      profile
        .command('lint <files...>')
        .summary('check profiles and say what is wrong and where')
        .description(
          'Checks the profiles of programs and documents: layers, variables, macros, YAML; then their packs: that they are ' +
            'there, presets, schemas of values, and what they ask of Kubernetes, of other packs and of the agent.',
        )
        .addOption(outputOption())
        .option('--strict', 'warnings fail too')
        .option('--kube-version <version>', 'Kubernetes of the clusters (default: the one of the profile)')
        .option('--agent-version <version>', 'version of the agents, for packs that ask for a newer one'),
    ).action(async (files: string[], options: LintOptions) => {
      const { lint } = await import('./profile-lint.ts');
      await lint(files, options);
    }),
    [
      'palette profile lint profile.ts --packs packs',
      'palette profile lint profiles/*.ts --strict --output json',
      'palette profile lint profile.ts#edge --agent-version 4.7.6',
    ],
    ['0 no errors', '1 errors were found', '2 wrong use'],
  );

  examples(
    withClusterOptions(
      withSourceOptions(
        profile
          .command('render <file>')
          .summary('print the objects that an agent would apply')
          .description(
            'Renders the profiles of a file as an agent would on a cluster that has them: the same code, the same Helm. ' +
              'FILE#NAME takes one of several. Contents of Secrets and sensitive variables are hidden.',
          )
          .addOption(
            new Option('-o, --output <format>', 'how they are printed')
              .choices(['yaml', 'json', 'table'])
              .default('yaml'),
          )
          .option('--output-dir <dir>', 'write one YAML file for each layer there instead')
          .option('--show-secrets', 'hide nothing'),
      ),
    ).action(async (file: string, options: RenderOptions) => {
      const { render } = await import('./profile-render.ts');
      await render(file, options);
    }),
    [
      'palette profile render profile.ts --packs packs --set replicas=3',
      'palette profile render profile.ts#edge --cluster edge-1 --output table',
      'palette profile render profile.ts --cluster cluster.yaml --kube-version 1.32.4 --locked',
    ],
  );

  examples(
    withSourceOptions(
      profile
        .command('lock <files...>')
        .summary('pin the packs that version ranges stand for')
        .description(
          'Resolves the packs of profiles and writes palette.lock.json beside the program: version and digest of each. With ' +
            'it every machine renders the same bytes. What is pinned stays; --update resolves anew.',
        )
        .addOption(outputOption())
        .option('--update [names...]', 'resolve these packs anew; without names all of them')
        .option('--prune', 'drop what the given files do not ask for')
        .option('--check', 'write nothing; exit code 1 when the lock file would change'),
    ).action(async (files: string[], options: LockOptions) => {
      const { lock } = await import('./profile-lock.ts');
      await lock(files, options);
    }),
    [
      'palette profile lock profile.ts --packs packs',
      'palette profile lock profile.ts --update nginx',
      'palette profile lock profiles/*.ts --check',
    ],
    ['0 done', '1 failed, or with --check: out of date', '2 wrong use'],
  );
}
