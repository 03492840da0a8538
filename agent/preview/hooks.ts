/** Helm's hooks that a candidate would run, told from what is recorded of those that ran. */
import type { PreviewHook } from '#protocol/preview';

import { refOf } from '#kubernetes/object';
import { hookOf, hooksFor, type Hook, type HookEvent } from '../enforce/hook.ts';
import { releaseDigest, stepAhead } from '../enforce/release-steps.ts';
import type { Release } from '../enforce/releases.ts';
import type { DesiredObject } from '../enforce/stamp.ts';

/** Of one layer of the candidate, in the order of waves. */
export interface HookedLayer {
  readonly name: string;
  readonly objects: readonly Pick<DesiredObject, 'key' | 'digest'>[];
  readonly hooks: readonly Hook[];
  readonly runTests: boolean;
}

export interface HookQuestion {
  readonly layers: readonly HookedLayer[];
  /** Layers that cannot be rendered: what they would run is not known. */
  readonly unknownLayers: ReadonlySet<string>;
  readonly releases: readonly Release[];
  /** Keys of objects that the agent has applied. */
  readonly applied: ReadonlySet<string>;
}

/** In the order in which they would run, those of layers that go at the end. */
export function hooksToRun({ layers, unknownLayers, releases, applied }: HookQuestion): readonly PreviewHook[] {
  const stay = layers.flatMap((layer) => {
    const release = releases.find((one) => one.layer === layer.name);
    return eventsOf(layer, release, applied).flatMap((event) => told(event, layer.name, layer.hooks));
  });
  const gone = releases
    .filter(({ layer }) => !unknownLayers.has(layer) && !layers.some(({ name }) => name === layer))
    .flatMap(({ layer, onDelete, step }) => {
      const hooks = onDelete.map(hookOf);
      const before = step === 'removing' ? [] : told('pre-delete', layer, hooks);
      return [...before, ...told('post-delete', layer, hooks)];
    });
  return [...stay, ...gone];
}

function eventsOf(
  { objects, hooks, runTests }: HookedLayer,
  release: Release | undefined,
  applied: ReadonlySet<string>,
): readonly HookEvent[] {
  const tests: readonly HookEvent[] = runTests ? ['test'] : [];
  const wasThere = objects.some(({ key }) => applied.has(key));
  const step = stepAhead(release, { digest: releaseDigest(objects, hooks), wasThere });
  if (step.kind === 'due') return [`pre-${step.action}`, `post-${step.action}`, ...tests];
  switch (release?.step) {
    case 'pre':
      return [`post-${release.action}`, ...tests];
    case 'post':
      return tests;
    default:
      return [];
  }
}

function told(event: HookEvent, layer: string, hooks: readonly Hook[]): readonly PreviewHook[] {
  return hooksFor(event, hooks).map(({ object }) => ({ event, layer, object: refOf(object) }));
}
