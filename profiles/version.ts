/** Versions of packs and profiles: their order, and which one a tag or a range stands for. */
import semver from 'semver';

/**
 * Orders versions as semver does, also those that are none in the strict sense (`1.5`, `v2`):
 * by their numbers where they have some, by text otherwise. Negative: `a` is older.
 */
export function compareVersions(a: string, b: string): number {
  const left = semver.parse(a, { loose: true }) ?? semver.coerce(a);
  const right = semver.parse(b, { loose: true }) ?? semver.coerce(b);
  if (left && right) return left.compare(right) || left.compareBuild(right) || byText(a, b);
  if (left) return 1;
  if (right) return -1;
  return byText(a, b);
}

/**
 * The version that an author's words stand for: itself where it exists, else the newest of a tag such as `1.2.x` or of a
 * semver range such as `^1.2.0`; the newest of all for `latest` and for nothing. Releases go before pre-releases, which
 * count where there is nothing else.
 */
export function pickVersion(wanted: string, versions: readonly string[]): string | undefined {
  const words = wanted.trim();
  const newestFirst = [...versions].sort((a, b) => compareVersions(b, a));
  if (words === '' || words === 'latest')
    return newestFirst.find((version) => !isPrerelease(version)) ?? newestFirst[0];
  const exact = newestFirst.find((version) => version === words);
  if (exact !== undefined) return exact;
  if (isPlainVersion(words) || semver.validRange(words, { loose: true }) === null) return undefined;
  const within = (includePrerelease: boolean): string | undefined =>
    newestFirst.find((version) => {
      const parsed = semver.parse(version, { loose: true }) ?? semver.coerce(version);
      return parsed !== null && semver.satisfies(parsed, words, { loose: true, includePrerelease });
    });
  return within(false) ?? within(true);
}

/** Whether the words name one version, and no range, tag or `latest`. */
export function isPlainVersion(words: string): boolean {
  return /\d/.test(words) && !/[\^~<>=|*\s]|(^|\.)[xX*](\.|$)/.test(words.trim());
}

function isPrerelease(version: string): boolean {
  return (semver.prerelease(version, { loose: true }) ?? []).length > 0;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
