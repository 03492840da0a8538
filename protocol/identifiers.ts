import { z } from 'zod';

/** Identifiers are 24 lower-case hexadecimal digits, as the Palette API writes them. */
const uid = z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 lower-case hexadecimal digits');

export const ClusterUid = uid.brand<'ClusterUid'>();
export type ClusterUid = z.infer<typeof ClusterUid>;

export const TenantUid = uid.brand<'TenantUid'>();
export type TenantUid = z.infer<typeof TenantUid>;

export const ProjectUid = uid.brand<'ProjectUid'>();
export type ProjectUid = z.infer<typeof ProjectUid>;

/** A content address: `sha256:` and 64 lower-case hexadecimal digits. */
export const ContentDigest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);
export type ContentDigest = z.infer<typeof ContentDigest>;
