/** What another content under the name of a published version would change. */
import { diffProfiles, type ProfileDifference } from '#profiles/diff/diff-profiles';
import { differenceText } from '#profiles/diff/format-difference';

import type { ProfileTemplate } from './profile.ts';
import { documentOf } from './profile-document.ts';

interface Side {
  readonly profile: Parameters<typeof documentOf>[0];
  readonly template: ProfileTemplate;
}

export interface VersionDifference {
  /** For people; long ones are cut. */
  readonly text: string;
  /** For programs; absent when there is too much of it for an error. */
  readonly details: ProfileDifference | undefined;
}

/** Characters of JSON that an error may carry. */
const MOST_DETAILS = 100_000;

export function versionDifference(before: Side, after: Side): VersionDifference {
  const difference = diffProfiles(
    { document: documentOf(before.profile, before.template) },
    { document: documentOf(after.profile, after.template) },
  );
  const small = JSON.stringify(difference).length <= MOST_DETAILS;
  return {
    text: differenceText(difference, { fields: 20, lines: 10 }).trim(),
    details: small ? difference : undefined,
  };
}
