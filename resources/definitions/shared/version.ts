import semver from 'semver';

/** Whether a version is newer than another, as semantic versions go; what is none is older than what is one. */
export function isNewerVersion(version: string, other: string): boolean {
  const [left, right] = [parse(version), parse(other)];
  if (left === null || right === null) return left !== null || (right === null && version > other);
  return semver.compare(left, right) > 0;
}

/**
 * Those of the versions that the words mean: one of that name; of `latest` and of a range such as `1.x`, `1.2.x` or
 * `^1.2.0` the newest. Releases go before pre-releases.
 */
export function pickVersion(wanted: string, versions: readonly string[]): string | undefined {
  if (versions.includes(wanted)) return wanted;
  const range = wanted === 'latest' ? '*' : wanted;
  // A version alone is not a range: `1.2` means just that.
  if (semver.validRange(range, { loose: true }) === null || !/[\^~<>=|*xX\s]/.test(range)) return undefined;
  const newest = (includePrerelease: boolean): string | undefined =>
    versions
      .filter((version) => {
        const parsed = parse(version);
        return parsed !== null && semver.satisfies(parsed, range, { loose: true, includePrerelease });
      })
      .reduce<string | undefined>(
        (best, version) => (best === undefined || isNewerVersion(version, best) ? version : best),
        undefined,
      );
  return newest(false) ?? newest(true);
}

function parse(version: string): semver.SemVer | null {
  return semver.parse(version, { loose: true }) ?? semver.coerce(version, { includePrerelease: true });
}
