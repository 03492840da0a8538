/** A cluster profile as it is stored: a stack of packs, twice (draft and published), and its variables. */
import { z } from 'zod';

import { Layer, type ProfileType, type Variable } from '#profiles/document';
import type { PolicyFinding } from '#profiles/policy/policy';

/** A manifest that is written in the profile itself. */
export const ProfileManifest = z.object({ uid: z.string(), name: z.string(), content: z.string() });
export type ProfileManifest = z.infer<typeof ProfileManifest>;

/** One layer of the stack. */
export const ProfilePack = z.object({
  name: z.string(),
  layer: Layer,
  type: z.enum(['spectro', 'helm', 'manifest', 'oci']),
  /** As the author wrote it: a version, or a tag such as `1.2.x`. */
  tag: z.string(),
  /** The version that the tag stood for; empty for manifests alone. */
  version: z.string(),
  packUid: z.string(),
  registryUid: z.string(),
  /** Of the archive; absent for manifests alone. */
  digest: z.string().optional(),
  values: z.string(),
  manifests: z.array(ProfileManifest),
});
export type ProfilePack = z.infer<typeof ProfilePack>;

export const ProfileTemplate = z.object({ packs: z.array(ProfilePack) });
export type ProfileTemplate = z.infer<typeof ProfileTemplate>;

export interface Profile {
  readonly uid: string;
  /** Absent: the tenant's own. */
  readonly projectUid: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly type: ProfileType;
  readonly cloudType: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly draft: ProfileTemplate | undefined;
  readonly published: ProfileTemplate | undefined;
  readonly variables: readonly Variable[];
  /** Content address of what is published; absent for a draft. */
  readonly digest: string | undefined;
  /** The content of this version cannot change any more. */
  readonly sealed: boolean;
  /** What the policies of the scope said at publication. */
  readonly policyFindings: readonly PolicyFinding[];
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}
