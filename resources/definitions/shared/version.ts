import semver from 'semver';

/** Whether a version is newer than another, as semantic versions go; what is none is older than what is one. */
export function isNewerVersion(version: string, other: string): boolean {
  const [left, right] = [parse(version), parse(other)];
  if (left === null || right === null) return left !== null || (right === null && version > other);
  return semver.compare(left, right) > 0;
}

function parse(version: string): semver.SemVer | null {
  return semver.parse(version, { loose: true }) ?? semver.coerce(version, { includePrerelease: true });
}
