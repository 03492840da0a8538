/** What another content under the name of a published version would change. */
import type { Profile, ProfileTemplate } from './profile.ts';
import { documentOf } from './profile-document.ts';

type Side = {
  readonly profile: Parameters<typeof documentOf>[0] & Pick<Profile, 'name'>;
  readonly template: ProfileTemplate;
};

export interface VersionDifference {
  readonly text: string;
  readonly details: unknown;
}

export function versionDifference(before: Side, after: Side): VersionDifference {
  const [a, b] = [documentOf(before.profile, before.template), documentOf(after.profile, after.template)];
  const names = [...new Set([...a.layers, ...b.layers].map(({ name }) => name))];
  const changed = names.filter(
    (name) =>
      JSON.stringify(a.layers.find((layer) => layer.name === name)) !==
      JSON.stringify(b.layers.find((layer) => layer.name === name)),
  );
  return { text: changed.map((name) => `layer ${name}`).join('\n'), details: { layers: changed } };
}
