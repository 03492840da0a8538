/** Answers of the fleet for people and for pull requests. */
import { describeRef } from '#kubernetes/object';
import { objectLines } from '#profiles/diff/format-changes';
import { details, diffBlock, escapeMarkdown } from '#profiles/diff/markdown';

import type { ClusterImpact, ProfileImpact } from './collect.ts';
import { groupClusters, type ClusterGroup } from './groups.ts';
import { countObjects, countVerdicts } from './verdict.ts';

/** Most names of clusters in one line. */
const NAMES = 10;

/** Lines of plain text, clusters with the same fate together. */
export function impactText({ profile, clusters }: ProfileImpact): string {
  const lines = [`${titleOf(profile)}: ${countVerdicts(clusters)}`];
  for (const group of groupClusters(clusters)) {
    lines.push(`${namesOf(group)}: ${summaryOf(group.clusters[0])}`);
    lines.push(...linesOf(group.clusters[0]).map((line) => `  ${line}`));
  }
  return plain(lines.join('\n'));
}

/** What clusters say reaches a terminal or a comment: without anything that steers it. */
function plain(text: string): string {
  return text.replaceAll(/(?!\n)\p{Cc}/gu, '');
}

/** Sections of markdown, the heading first; see `fitComment`. */
export function impactMarkdown({ profile, clusters }: ProfileImpact): string[] {
  const groups = groupClusters(clusters);
  const heading = `### Impact of ${escapeMarkdown(titleOf(profile))}\n\n${countVerdicts(clusters)}`;
  if (groups.length === 0) return [heading];
  const rows = groups.map(
    (group) =>
      `| ${MARKS[group.verdict]} | ${escapeMarkdown(namesOf(group))} | ${escapeMarkdown(summaryOf(group.clusters[0]))} |`,
  );
  return [
    `${heading}\n\n| | cluster | what would happen |\n| --- | --- | --- |\n${rows.join('\n')}`,
    ...groups.flatMap((group) => {
      const lines = linesOf(group.clusters[0]);
      return lines.length === 0 ? [] : [details(escapeMarkdown(namesOf(group)), diffBlock(lines))];
    }),
  ];
}

const MARKS = { refused: '❌', changes: '🔶', unknown: '❔', same: '✅' } as const;

function titleOf({ name, version, digest }: ProfileImpact['profile']): string {
  // Enough of the digest to tell two apart.
  return `${name} ${version}${digest === undefined ? '' : ` (${digest.slice(0, 'sha256:'.length + 12)})`}`;
}

function namesOf({ clusters }: ClusterGroup): string {
  const names = clusters
    .slice(0, NAMES)
    .map(({ name, fromVersion }) => (fromVersion === undefined ? `${name} (new)` : `${name} (${fromVersion})`));
  const more = clusters.length - names.length;
  return plain(`${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
}

function summaryOf({ state, message: said, counts, lastSeen }: ClusterImpact): string {
  const message = plain(said);
  switch (state) {
    case 'answered':
      return counts === undefined ? 'no change' : countObjects(counts);
    case 'unchanged':
      return 'no change';
    case 'refused':
      return `refused: ${message}`;
    case 'outOfReach':
      return `out of reach, not asked: ${message}`;
    case 'timedOut':
      return `${message}${lastSeen === undefined ? '' : `; heard last at ${lastSeen}`}`;
    case 'failed':
      return `could not find out: ${message}`;
    default:
      return 'no answer yet';
  }
}

function linesOf({ changes, refused, hooks, omitted }: ClusterImpact): string[] {
  return [
    ...refused.map(
      ({ object, layer, field, message }) =>
        `! ${object === undefined ? `layer ${layer}` : `${describeRef(object)} (layer ${layer})`}: ${field === undefined ? '' : `${field}: `}${message}`,
    ),
    ...changes.flatMap((change) => [
      ...objectLines(change),
      ...((change.omittedFields ?? 0) > 0 ? [`    … and ${change.omittedFields ?? 0} more fields`] : []),
      ...(change.note === undefined ? [] : [`    (${change.note})`]),
    ]),
    ...hooks.map(({ event, object, layer }) => `> ${event} hook ${describeRef(object)} (layer ${layer})`),
    ...(omitted > 0 ? [`… and ${omitted} more`] : []),
  ].flatMap((line) => plain(line).split('\n'));
}
