/** A word in the plan on what a changed profile would do to the clusters that run it. */
import type { Schemas } from '#openapi/client/index';
import type { OperationContext } from '#resources/engine/index';
import type { PartlyKnownValues, PlannedValues, StateValues } from '#resources/engine/values';

import { toEntity, type ProfileMetadata } from './new-version.ts';
import { contentOf, same, wholly } from './plan-version.ts';
import type { clusterProfileSchema } from './schema.ts';

type Planned = PlannedValues<typeof clusterProfileSchema>;
type Cluster = Schemas['ImpactCluster'];

/** A plan waits for clusters so long, in seconds. */
const PATIENCE = 10;
/** Lines of the warning; more are counted. */
const MOST_LINES = 10;

/**
 * Asks the clusters that run the profile what the plan would change, and warns in a few lines. Nothing is said where
 * nobody reads plans, the API knows no such questions, the content stays, or no cluster is concerned; a question that
 * cannot be asked never fails a plan.
 */
export async function warnOfImpact(
  planned: PartlyKnownValues<typeof clusterProfileSchema>,
  prior: StateValues<typeof clusterProfileSchema> | undefined,
  toMetadata: (planned: Planned) => ProfileMetadata,
  ctx: OperationContext,
): Promise<void> {
  if (prior === undefined || ctx.planIsShown !== true || ctx.feature('flag', 'disable_plan_impact')) return;
  const { client, signal, log } = ctx;
  const whole = wholly(planned);
  if (whole === undefined || client.offers('impact') !== true) return;
  if (same(contentOf(whole), contentOf(prior))) return;
  const scope = ctx.scopeOf(prior.context === 'project' ? 'project' : 'tenant');
  try {
    const content = await toEntity(whole, toMetadata(whole), { client, scope });
    const body = { content, inPlaceOf: prior.id, timeoutSeconds: PATIENCE };
    let impact = await client.post('/v1/impacts', { body, scope, signal, repeatable: true });
    while (!impact.complete) {
      const path = { uid: impact.uid };
      impact = await client.get('/v1/impacts/{uid}', { path, query: { waitSeconds: PATIENCE }, scope, signal });
    }
    const lines = linesOf(impact.clusters);
    if (lines.length === 0) return;
    const moved = whole.version === prior.version ? '' : ' when they are moved to it';
    ctx.warn(
      `Impact of cluster profile "${whole.name}" ${whole.version}`,
      [
        `Clusters that run ${prior.version} say what would happen${moved}:`,
        ...lines,
        'Nothing was changed. `palette profile impact` tells it object by object.',
      ].join('\n'),
    );
  } catch (error) {
    signal.throwIfAborted();
    log.debug({ error }, 'what the plan would do to clusters is not known');
  }
}

/** One line for clusters of the same fate; none when every cluster stays as it is. */
function linesOf(clusters: readonly Cluster[]): readonly string[] {
  const fates = new Map<string, string[]>();
  for (const cluster of clusters) {
    const fate = fateOf(cluster);
    if (fate !== undefined) fates.set(fate, [...(fates.get(fate) ?? []), cluster.name]);
  }
  const lines = [...fates].map(([fate, names]) => {
    const more = names.length - NAMES;
    return `  - ${names.slice(0, NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}: ${fate}`;
  });
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `  - … and ${more} more lines`] : lines;
}

/** Names in one line. */
const NAMES = 5;

function fateOf({ state, counts, message }: Cluster): string | undefined {
  switch (state) {
    case 'unchanged':
      return undefined;
    case 'answered':
      return counts && countsText(counts);
    case 'refused':
      return `refused: ${message}`;
    default:
      return `not known: ${message}`;
  }
}

function countsText({ created, changed, removed, restarts, refused }: Schemas['ImpactCounts']): string | undefined {
  const parts = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(created > 0 ? [`${created} created`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(restarts > 0 ? [`pods of ${restarts} restart`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
