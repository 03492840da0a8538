/** `palette profile diff | policy | rules | test` */
import { type Command, Option } from 'commander';

import { asComparison, comparisonCodesHelp } from '#cli/comparison';

import { examples } from './options.ts';
import type { DiffCommandOptions } from './profile-diff.ts';
import type { PolicyOptions } from './profile-policy.ts';
import type { ResultFormat } from './profile-reference.ts';
import { withClusterOptions, withSourceOptions } from './profile-options.ts';
import type { TestOptions } from './profile-test.ts';

export function addCheckingCommands(profile: Command): void {
  examples(
    asComparison(
      withClusterOptions(
        withSourceOptions(
          profile
            .command('diff <old> <new>')
            .description(
              'Says how two profiles differ: layers, versions, values by path, variables, manifests, policies, and the objects that a cluster would get. Each side is a file, FILE#NAME of a program with several, or NAME@VERSION of the API. Secrets are not shown.',
            ),
        ),
      )
        .addOption(
          repeatable('--old-packs <dir>', 'folder of packs for the old side; repeatable (default: as for the new one)'),
        )
        .option('--no-render', 'compare the profiles alone, not what they render to')
        .addOption(formatOption()),
    ).action(async (before: string, after: string, options: DiffCommandOptions) => {
      const { diff } = await import('./profile-diff.ts');
      await diff(before, after, options);
    }),
    [
      'palette profile diff old/profile.ts profile.ts --packs packs',
      'palette profile diff shop@1.4.0 profile.ts#shop --project Staging --output markdown',
      'palette profile diff shop@1.4.0 shop@latest --no-render',
    ],
    comparisonCodesHelp,
  );
  examples(
    withClusterOptions(
      withSourceOptions(
        profile
          .command('policy <profile>')
          .description(
            'Renders profiles and checks every object by the rules that their program attaches, by those of policy files, and by built-in ones.',
          )
          .addOption(repeatable('--policy <file>', 'file of policies, in TypeScript or YAML; repeatable'))
          .addOption(repeatable('--rule <name>', 'built-in rule without parameters; repeatable'))
          .option('--strict', 'warnings fail too'),
      ),
    )
      .addOption(formatOption())
      .action(async (location: string, options: PolicyOptions) => {
        const { policy } = await import('./profile-policy.ts');
        await policy(location, options);
      }),
    [
      'palette profile policy profile.ts --packs packs',
      'palette profile policy profile.ts --policy baseline.yaml --rule no-latest-tag --output markdown',
    ],
    ['0 no rule found an error', '1 a rule did, or failed', '2 wrong use'],
  );
  examples(
    profile
      .command('rules')
      .description('Lists the built-in rules of policies with their parameters.')
      .addOption(formatOption())
      .action(async (options: { output: ResultFormat }) => {
        const { rules } = await import('./profile-policy.ts');
        rules(options);
      }),
    ['palette profile rules', 'palette profile rules --output json'],
  );
  examples(
    withSourceOptions(
      profile
        .command('test [dir]')
        .description(
          "Runs a folder's Jest tests of profiles. Jest is the folder's own; without a configuration of Jest there, TypeScript and the matchers of palette-iac/profiles/testing work as they are.",
        )
        .option('--update-snapshots', 'write snapshots anew')
        .option('--ci', 'write no new snapshots'),
    )
      .addOption(new Option('--only <pattern>', 'only test files whose path matches it; repeatable').argParser(collect))
      .action(async (dir: string | undefined, options: TestOptions) => {
        const { test } = await import('./profile-test.ts');
        await test(dir ?? '.', options);
      }),
    ['palette profile test --packs packs', 'palette profile test profiles --ci --only shop'],
    ['0 all tests passed', '1 a test failed, or Jest did', '2 wrong use'],
  );
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function formatOption(): Option {
  return new Option('-o, --output <format>', 'how the result is printed')
    .choices(['table', 'json', 'markdown'])
    .default('table');
}
