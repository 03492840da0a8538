import { compared } from '#cli/comparison';
import { write, writeJson } from '#cli/output';
import {
  changesAnything,
  diffProfiles,
  differenceMarkdown,
  differenceText,
  fitComment,
  type ProfileDifference,
  type ProfileSide,
} from '#profiles/diff/index';

import type { ResultFormat } from './profile-reference.ts';
import { profilesNamed, rendererOf, type NamedProfile, type Render } from './profile-side.ts';
import type { ClusterOptions, SourceOptions } from './profile-options.ts';
import { withWorkbench, type Workbench } from './profile-sources.ts';

export interface DiffCommandOptions extends SourceOptions, ClusterOptions {
  readonly output: ResultFormat;
  /** Folders of packs for the old side; default those of both. */
  readonly oldPacks?: readonly string[];
  /** False with `--no-render`. */
  readonly render: boolean;
}

/** Says how profiles differ. @throws EndWith with 2 when they do. */
export async function diff(before: string, after: string, options: DiffCommandOptions): Promise<void> {
  await compared(async () => {
    const differences = await withBenches(options, async (oldBench, bench) => {
      const [old, now] = [await profilesNamed(before, oldBench), await profilesNamed(after, bench)];
      const [left, right] = options.render
        ? [await rendererOf(options, [...old, ...now], oldBench), await rendererOf(options, [...old, ...now], bench)]
        : [undefined, undefined];
      const found: ProfileDifference[] = [];
      for (const [one, other] of paired(old, now)) {
        const sides = [await sideOf(one, left?.render), await sideOf(other, right?.render)] as const;
        found.push(diffProfiles(...sides, { secrets: right?.secrets ?? [] }));
      }
      return found;
    });
    print(differences, options.output);
    return differences.some(changesAnything);
  });
}

/** One workbench for both sides, or one for each when the old side has packs of its own. */
async function withBenches<T>(
  { oldPacks, ...options }: DiffCommandOptions,
  work: (old: Workbench, now: Workbench) => Promise<T>,
): Promise<T> {
  return withWorkbench(options, async (bench) =>
    oldPacks === undefined
      ? work(bench, bench)
      : withWorkbench({ ...options, packs: oldPacks }, async (oldBench) => work(oldBench, bench)),
  );
}

async function sideOf(profile: NamedProfile | undefined, render: Render | undefined): Promise<ProfileSide | undefined> {
  if (profile === undefined) return undefined;
  return render === undefined ? profile : { ...profile, ...(await render(profile.document)) };
}

function print(differences: readonly ProfileDifference[], output: ResultFormat): void {
  switch (output) {
    case 'json':
      writeJson(differences);
      break;
    case 'markdown':
      write(fitComment(differences.flatMap((one) => differenceMarkdown(one))));
      break;
    case 'table':
      write(differences.map((one) => differenceText(one)).join('\n\n'));
      break;
  }
}

type Pair = readonly [NamedProfile | undefined, NamedProfile | undefined];

/**
 * Who is compared with whom: one with one, whatever their names; of several the same version of a name, then what is left
 * of the name in order.
 */
export function paired(before: readonly NamedProfile[], after: readonly NamedProfile[]): readonly Pair[] {
  if (before.length === 1 && after.length === 1) return [[before[0], after[0]]];
  const left = new Set(before);
  const take = (fits: (old: NamedProfile) => boolean): NamedProfile | undefined => {
    const found = [...left].find(fits);
    if (found) left.delete(found);
    return found;
  };
  const same = new Map(
    after.map((now) => [
      now,
      take(({ document }) => document.name === now.document.name && document.version === now.document.version),
    ]),
  );
  const pairs = after.map((now): Pair => {
    const old = same.get(now) ?? take(({ document }) => document.name === now.document.name);
    return [old, now];
  });
  return [...pairs, ...[...left].map((old): Pair => [old, undefined])];
}
