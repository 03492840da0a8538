/** Names and versions of profiles as requests give them. */
import { invalidRequest } from '#plane/api/error';

export const DEFAULT_VERSION = '1.0.0';

/** @throws PlaneError 422 */
export function requireName(name: string | undefined): string {
  if (!name || name.trim() === '') throw invalidRequest('metadata.name: expected the name of the cluster profile');
  return name;
}

/** A version of three numbers, with pre-release and build as semver has them. @throws PlaneError 422 */
export function checkVersion(version: string | undefined): string {
  if (version === undefined || version === '') return DEFAULT_VERSION;
  if (/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)) return version;
  throw invalidRequest(`version: '${version}' is no semantic version; expected one such as 1.0.0`);
}
