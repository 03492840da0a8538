import { extname } from 'node:path';

import { CliError } from '#cli/cli-error';
import { compared } from '#cli/comparison';
import { askFleet, type ProfileImpact } from '#cli/impact/collect';
import { impactMarkdown, impactText } from '#cli/impact/format';
import { verdictOf } from '#cli/impact/verdict';
import { write, writeJson } from '#cli/output';
import type { Schemas } from '#openapi/client/index';
import { fitComment } from '#profiles/diff/markdown';
import { parseLocation } from '#profiles/load/load-profiles';
import { resolveProfile } from '#profiles/render/resolve-profile';

import { findVersion } from './profile-versions.ts';
import { parseReference, type ResultFormat } from './profile-reference.ts';
import type { SourceOptions } from './profile-options.ts';
import { withWorkbench, type Workbench } from './profile-sources.ts';
import { parseMilliseconds } from './values.ts';

export interface ImpactOptions extends SourceOptions {
  readonly output: ResultFormat;
  readonly cluster?: readonly string[];
  readonly timeout: string;
  readonly requireAll?: true;
}

const FILES = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml']);

/** Says what a change of profiles would do. @throws EndWith 2 when something changes; CliError when it would be refused. */
export async function impact(given: string, options: ImpactOptions): Promise<void> {
  await compared(async () => {
    const timeoutSeconds = Math.ceil(parseMilliseconds('--timeout', options.timeout) / 1000);
    if (timeoutSeconds < 2 || timeoutSeconds > 300)
      throw new CliError(`--timeout ${options.timeout}: expected between 2s and 5m`);
    const impacts = await withWorkbench(options, async (bench) => {
      const questions = await questionsOf(given, bench);
      const { client, scope } = await bench.client();
      const asked: ProfileImpact[] = [];
      for (const question of questions) {
        const body = {
          ...question,
          timeoutSeconds,
          ...(options.cluster === undefined ? {} : { clusters: [...options.cluster] }),
        };
        asked.push(await askFleet(body, { client, scope, signal: bench.signal }));
      }
      return asked;
    });
    tell(impacts, options.output);
    const verdicts = impacts.flatMap(({ clusters }) => clusters.map(verdictOf));
    const bad = verdicts.filter((verdict) => verdict === 'refused').length;
    if (bad > 0) throw new CliError(`${bad} ${bad === 1 ? 'cluster' : 'clusters'} would refuse it`);
    const unknown = verdicts.filter((verdict) => verdict === 'unknown').length;
    if (unknown > 0 && options.requireAll === true)
      throw new CliError(`${unknown} ${unknown === 1 ? 'cluster' : 'clusters'} could not say what would happen`, {
        hint: 'Without --require-all they count as changed.',
      });
    return verdicts.some((verdict) => verdict !== 'same');
  });
}

/** A file that a profile may be in, else the name of one that is published. */
async function questionsOf(given: string, bench: Workbench): Promise<Schemas['ImpactRequest'][]> {
  if (FILES.has(extname(parseLocation(given).file))) {
    const loaded = await bench.load(given);
    return Promise.all(
      loaded.map(async ({ document }) => {
        const open = document.layers.some(({ type, resolved }) => type !== 'manifest' && resolved === undefined);
        return { document: { ...(open ? (await resolveProfile(document, bench)).document : document) } };
      }),
    );
  }
  const { name, version = 'latest' } = parseReference(given);
  const { client, scope } = await bench.client();
  const found = await findVersion(client, scope, { name, version }, { signal: bench.signal });
  return [{ profileUid: found.uid }];
}

function tell(impacts: readonly ProfileImpact[], output: ResultFormat): void {
  switch (output) {
    case 'json':
      writeJson(
        impacts.map(({ profile, clusters }) => ({
          profile,
          clusters: clusters.map((cluster) => ({ ...cluster, verdict: verdictOf(cluster) })),
        })),
      );
      break;
    case 'markdown':
      write(fitComment(impacts.flatMap(impactMarkdown)));
      break;
    default:
      write(impacts.map(impactText).join('\n\n'));
  }
}
