import { Range, satisfies } from 'semver';

/**
 * The numbers a version begins with: `v1.5` gives [1, 5], `1.32.8-rke2r1` gives [1, 32, 8]. Undefined
 * when it begins with none. Packs in the wild are not all versioned by semver, and vendors append
 * to Kubernetes' version, so ranges look at the numbers alone.
 */
export function versionNumbers(version: string): readonly number[] | undefined {
  const match = /^\s*v?(\d{1,9}(?:\.\d{1,9})*)(?![\d.])/.exec(version);
  return match?.[1]?.split('.').map(Number);
}

/** Negative, zero or positive, as `a` is older, the same or newer; over the numbers that `length` says. */
export function compareNumbers(
  a: readonly number[],
  b: readonly number[],
  length = Math.max(a.length, b.length),
): number {
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface VersionBounds {
  /** Both inclusive; empty: no bound. `1.21` as the greatest allows every 1.21.x. */
  readonly minVersion: string;
  readonly maxVersion: string;
}

export type Within = 'within' | 'below' | 'above' | 'unreadable';

export function withinBounds(version: string, { minVersion, maxVersion }: VersionBounds): Within {
  if (minVersion === '' && maxVersion === '') return 'within';
  const numbers = versionNumbers(version);
  if (!numbers) return 'unreadable';
  const least = minVersion === '' ? undefined : versionNumbers(minVersion);
  const most = maxVersion === '' ? undefined : versionNumbers(maxVersion);
  if ((minVersion !== '' && !least) || (maxVersion !== '' && !most)) return 'unreadable';
  if (least && compareNumbers(numbers, least) < 0) return 'below';
  if (most && compareNumbers(numbers, most, most.length) > 0) return 'above';
  return 'within';
}

/** Bounds in words: `at least 1.27`, `at most 1.21`, `1.20 to 1.21`; empty without bounds. */
export function describeBounds({ minVersion, maxVersion }: VersionBounds): string {
  if (minVersion !== '' && maxVersion !== '') return `${minVersion} to ${maxVersion}`;
  if (minVersion !== '') return `at least ${minVersion}`;
  return maxVersion === '' ? '' : `at most ${maxVersion}`;
}

const MAX_RANGE = 256;

/**
 * Whether a version of Kubernetes is in a range as charts write it (`>=1.26.0-0`, `>= 1.20, < 2 || 3.x`).
 * What a vendor appends to the version (`-gke.100`, `+k3s1`) does not count.
 */
export function kubeVersionIn(version: string, range: string): 'in' | 'out' | 'unreadable' {
  const numbers = versionNumbers(version);
  if (!numbers || range.length > MAX_RANGE) return 'unreadable';
  try {
    // Helm's ranges part what must hold together by commas, npm's by blanks.
    const parsed = new Range(range.replaceAll(',', ' '), { includePrerelease: true });
    const [major = 0, minor = 0, patch = 0] = numbers;
    return satisfies(`${major}.${minor}.${patch}`, parsed, { includePrerelease: true }) ? 'in' : 'out';
  } catch (error) {
    if (error instanceof TypeError) return 'unreadable';
    throw error;
  }
}
