/** Several addresses of one service, in the order in which they are worth trying. */
export interface Endpoints {
  /** All of them: the one that worked last first, then those that failed least lately, then as they are listed. */
  order(): readonly string[];
  worked(url: string): void;
  failed(url: string): void;
  /** Puts another list in place; what is known of those that stay is kept. */
  set(urls: readonly string[]): void;
}

interface Standing {
  failures: number;
  failedAt: number;
}

/** After so long a failure says nothing any more, in milliseconds. */
const FORGET_MS = 60_000;

/** @param now monotonic milliseconds */
export function createEndpoints(urls: readonly string[], now: () => number = () => performance.now()): Endpoints {
  let listed = unique(urls);
  let favourite: string | undefined;
  const standings = new Map<string, Standing>();
  const failures = (url: string): number => {
    const standing = standings.get(url);
    return standing === undefined || now() - standing.failedAt > FORGET_MS ? 0 : standing.failures;
  };
  return {
    order: () => {
      // What worked last and failed since is no favourite any more.
      const rank = (url: string): number => (url === favourite ? -1 : failures(url));
      return listed.toSorted((a, b) => rank(a) - rank(b));
    },
    worked: (url) => {
      favourite = url;
      standings.delete(url);
    },
    failed: (url) => {
      if (favourite === url) favourite = undefined;
      standings.set(url, { failures: failures(url) + 1, failedAt: now() });
    },
    set: (next) => {
      listed = unique(next);
      if (favourite !== undefined && !listed.includes(favourite)) favourite = undefined;
      for (const url of standings.keys()) if (!listed.includes(url)) standings.delete(url);
    },
  };
}

function unique(urls: readonly string[]): readonly string[] {
  return [...new Set(urls)];
}
