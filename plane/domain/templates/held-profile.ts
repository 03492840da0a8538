/** A profile as a cluster runs it while changes of it are held back. */
import { z } from 'zod';

import { ProfileType, Variable } from '#profiles/document';

import { ProfileTemplate, type Profile } from '../profiles/profile.ts';

type Content = Pick<Profile, 'name' | 'version' | 'type' | 'digest' | 'published' | 'variables'>;

const Held = z.object({
  name: z.string(),
  version: z.string(),
  type: ProfileType,
  digest: z.string().nullable(),
  published: ProfileTemplate.nullable(),
  variables: z.array(Variable),
});

/** The profile with the content that is kept with an attachment; as it is where nothing is kept. */
export function asHeld<P extends Content>(profile: P, held: unknown): P {
  if (held === null || held === undefined) return profile;
  const { digest, published, ...content } = Held.parse(held);
  return { ...profile, ...content, digest: digest ?? undefined, published: published ?? undefined };
}
