/**
 * What a change would do to a cluster, asked of its agent. The question is a candidate for the desired state, signed
 * under a type of its own: an agent compares with it and can never enforce it, whoever sends it in whose place.
 */
import { z } from 'zod';

import { DesiredState } from './desired-state.ts';
import type { ClusterUid } from './identifiers.ts';
import {
  DesiredStateRefused,
  openAs,
  signAs,
  type SignedDesiredState,
  type SigningKey,
  type TrustedKey,
} from './signature.ts';

const TYPE = 'palette-desired-state-preview+json';

export const PreviewRequest = z.object({
  apiVersion: z.literal('palette-iac.dev/v1'),
  kind: z.literal('DesiredStatePreview'),
  /** Also the id of the command that brings it. */
  id: z.uuid(),
  /** Nobody waits for an answer after this. */
  expiresAt: z.iso.datetime(),
  /** Variables whose values must not be seen: neither those of the candidate nor those in force. */
  sensitive: z.array(z.string()),
  /** What would be desired, in the form in which it would be issued. */
  candidate: DesiredState.omit({ apiVersion: true, kind: true, revision: true, issuedAt: true }),
});
export type PreviewRequest = z.infer<typeof PreviewRequest>;

/** Signs a question. */
export async function signPreview(request: PreviewRequest, key: SigningKey): Promise<SignedDesiredState> {
  return signAs(TYPE, request, key);
}

export interface VerifyPreviewOptions {
  readonly clusterUid: ClusterUid;
  readonly trustedKeys: readonly TrustedKey[];
  readonly id: string;
}

/**
 * Verifies a question and parses it.
 *
 * @throws DesiredStateRefused for a changed byte, an unknown key, a document of another type, another cluster's question
 *   or another question than was asked for
 */
export async function verifyPreview(signed: unknown, options: VerifyPreviewOptions): Promise<PreviewRequest> {
  const request = await openAs(TYPE, PreviewRequest, signed, options.trustedKeys);
  const { clusterUid } = request.candidate;
  if (clusterUid !== options.clusterUid)
    throw new DesiredStateRefused('other cluster', `it is for cluster ${clusterUid}, this is ${options.clusterUid}`);
  if (request.id !== options.id)
    throw new DesiredStateRefused('invalid document', `it is preview ${request.id}, expected ${options.id}`);
  return request;
}

/** Bounds of an answer: what goes beyond is counted and left out. */
export const PREVIEW_LIMITS = {
  changes: 500,
  refused: 100,
  hooks: 100,
  /** Of one object. */
  fields: 50,
  /** Of one value, as JSON. */
  valueBytes: 1_024,
  /** Of the changes as a whole, as JSON: below what a message on the bus may hold. */
  bytes: 384 * 1_024,
} as const;

const PreviewObject = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  /** Absent for cluster-scoped kinds. */
  namespace: z.string().optional(),
  name: z.string(),
});

/** What becomes of one object. Sensitive values are hidden already. */
export const PreviewChange = z.object({
  kind: z.enum(['created', 'changed', 'removed']),
  layer: z.string(),
  object: PreviewObject,
  /** JSON values; a side that has none is absent. */
  fields: z
    .array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .max(PREVIEW_LIMITS.fields),
  /** Fields beyond the limit. */
  omittedFields: z.int().positive().optional(),
  /** Its pods start anew. */
  restarts: z.boolean(),
  /** What is to be known besides, for example that the API server could not check it. */
  note: z.string().optional(),
});
export type PreviewChange = z.infer<typeof PreviewChange>;

/** What the API server, or the agent itself, would not take. */
export const PreviewRefusal = z.object({
  layer: z.string(),
  /** Absent when the layer as a whole cannot be rendered. */
  object: PreviewObject.optional(),
  field: z.string().optional(),
  message: z.string(),
});
export type PreviewRefusal = z.infer<typeof PreviewRefusal>;

/** One of Helm's hooks that would run. */
export const PreviewHook = z.object({
  /** As Helm names it: `pre-upgrade`. */
  event: z.string(),
  layer: z.string(),
  object: PreviewObject,
});
export type PreviewHook = z.infer<typeof PreviewHook>;

const count = z.int().nonnegative();

export const PreviewResult = z.object({
  /** Revision in force when the agent looked; 0 before the first. */
  revision: count,
  /** All there are, also those beyond the limits. */
  counts: z.object({
    created: count,
    changed: count,
    removed: count,
    unchanged: count,
    restarts: count,
    refused: count,
    /** Absent from agents that do not tell. */
    hooks: count.optional(),
  }),
  changes: z.array(PreviewChange).max(PREVIEW_LIMITS.changes),
  refused: z.array(PreviewRefusal).max(PREVIEW_LIMITS.refused),
  /** In the order in which they would run; absent from agents that do not tell. */
  hooks: z.array(PreviewHook).max(PREVIEW_LIMITS.hooks).optional(),
  /** Changes, refusals and hooks that are counted and not listed. */
  omitted: count,
});
export type PreviewResult = z.infer<typeof PreviewResult>;
