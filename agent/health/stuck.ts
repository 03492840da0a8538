/** Which layers that are not ready are in trouble, and which only on their way. */
import type { LayerCondition } from '#protocol/report';

export interface Progress {
  /** Every wave was gone through. */
  readonly complete: boolean;
  readonly layers: readonly {
    readonly condition: LayerCondition;
    readonly state: { readonly layer: { readonly name: string } };
  }[];
}

/** What is scaled, moved or restarted is ready again within this. */
const PATIENCE_MS = 120_000;

/**
 * Takes in how far the layers are; gives the names of those in trouble: not ready for two minutes, and the walk over the
 * document, which waits for them longer, has ended. Replicas come and go all day, and nobody is to be woken for that.
 *
 * @param monotonic milliseconds of a clock that only goes forward
 */
export function createStuckFinder(monotonic: () => number): (progress: Progress) => ReadonlySet<string> {
  const since = new Map<string, number>();
  return ({ complete, layers }) => {
    const unready = new Set(
      layers.filter(({ condition }) => condition === 'NotReady').map(({ state }) => state.layer.name),
    );
    for (const name of since.keys()) if (!unready.has(name)) since.delete(name);
    const now = monotonic();
    for (const name of unready) if (!since.has(name)) since.set(name, now);
    if (!complete) return new Set();
    return new Set([...since].filter(([, at]) => now - at >= PATIENCE_MS).map(([name]) => name));
  };
}
