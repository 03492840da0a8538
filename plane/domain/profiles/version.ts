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

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
