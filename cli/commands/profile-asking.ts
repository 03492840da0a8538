/** `palette profile impact`: what the fleet says of a change. */
import { type Command, Option } from 'commander';

import { asComparison, comparisonCodesHelp } from '#cli/comparison';

import { examples } from './options.ts';
import type { ImpactOptions } from './profile-impact.ts';
import { withSourceOptions } from './profile-options.ts';

export function addAskingCommands(profile: Command): void {
  examples(
    asComparison(
      withSourceOptions(
        profile
          .command('impact <file|name@version>')
          .description(
            'Asks every cluster that runs a profile what a change of it would do: objects created, changed field by field, removed, refused, pods started anew. Clusters compare by dry runs; nothing is changed anywhere, and secrets stay in the cluster. Clusters out of reach are named. FILE#NAME takes one profile of a file.',
          ),
      )
        .option(
          '--cluster <name>',
          'only this cluster, by name or identifier, also when it does not run the profile yet; repeatable',
          (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
        )
        .option('--timeout <duration>', 'how long answers are waited for, 2s to 5m', '30s')
        .option('--require-all', 'fail when a cluster cannot say what would happen')
        .addOption(
          new Option('-o, --output <format>', 'how the result is printed')
            .choices(['table', 'json', 'markdown'])
            .default('table'),
        ),
    ).action(async (given: string, options: ImpactOptions) => {
      const { impact } = await import('./profile-impact.ts');
      await impact(given, options);
    }),
    [
      'palette profile impact profiles.ts --project Production',
      'palette profile impact profiles.ts#web --cluster edge-1 --output markdown > comment.md',
      'palette profile impact web@1.5.0 --project Production --timeout 2m',
    ],
    [...comparisonCodesHelp, '1 also when a cluster would refuse it'],
  );
}
