import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { DesiredState } from './desired-state.ts';
import { ClusterUid, ProjectUid, TenantUid } from './identifiers.ts';
import {
  DesiredStateRefused,
  type RefusalReason,
  type SignedDesiredState,
  documentDigest,
  generateSigningKey,
  signDesiredState,
  trustedKey,
  verifyDesiredState,
} from './signature.ts';
import { canonicalDigest } from './canonical.ts';

const clusterUid = ClusterUid.parse('0123456789abcdef01234567');
const key = generateSigningKey();
const trustedKeys = [trustedKey(key)];

const document = (over: Partial<DesiredState> = {}): DesiredState => ({
  apiVersion: 'palette-iac.dev/v1',
  kind: 'DesiredState',
  tenantUid: TenantUid.parse('a'.repeat(24)),
  projectUid: ProjectUid.parse('b'.repeat(24)),
  clusterUid,
  revision: 7,
  issuedAt: '2026-01-02T03:04:05.000Z',
  lifecycle: 'active',
  policy: { drift: 'heal', resyncSeconds: 600 },
  context: { system: { 'cluster.name': 'edge-1' }, macros: {}, variables: { replicas: '3' }, packs: {} },
  layers: [],
  ...over,
});

const verify = async (signed: unknown, minRevision = 0): Promise<DesiredState> =>
  verifyDesiredState(signed, { clusterUid, trustedKeys, minRevision });

async function refusal(signed: unknown, minRevision = 0): Promise<RefusalReason | 'accepted'> {
  try {
    await verify(signed, minRevision);
    return 'accepted';
  } catch (error) {
    if (error instanceof DesiredStateRefused) return error.reason;
    throw error;
  }
}

describe('signed desired state', () => {
  it('is verified and parsed back to the same document', async () => {
    const signed = await signDesiredState(document(), key);
    expect(await verify(signed, 7)).toEqual(document());
    expect(documentDigest(signed)).toBe(canonicalDigest(document()));
  });

  it('is refused after any changed byte of any part', async () => {
    const signed = await signDesiredState(document(), key);
    const parts = ['payload', 'protected', 'signature'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...parts),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (part, position, change) => {
          const bytes = Buffer.from(signed[part], 'base64url');
          const at = position % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ change;
          const changed: SignedDesiredState = { ...signed, [part]: bytes.toString('base64url') };
          expect(await refusal(changed)).not.toBe('accepted');
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<{ name: string; make: () => Promise<unknown>; minRevision?: number; want: RefusalReason }>([
    { name: 'no envelope', make: async () => ({ hello: 'world' }), want: 'malformed' },
    {
      name: 'a key the agent does not trust',
      make: async () => signDesiredState(document(), generateSigningKey()),
      want: 'unknown key',
    },
    {
      name: 'another key under a trusted id',
      make: async () => signDesiredState(document(), { ...generateSigningKey(), kid: key.kid }),
      want: 'bad signature',
    },
    {
      name: "another cluster's document",
      make: async () => signDesiredState(document({ clusterUid: ClusterUid.parse('f'.repeat(24)) }), key),
      want: 'other cluster',
    },
    {
      name: 'an older revision replayed',
      make: async () => signDesiredState(document(), key),
      minRevision: 8,
      want: 'older revision',
    },
    {
      name: 'a document that breaks the schema',
      // The signer is typed; a plane of another version is not bound by these types.
      make: async () => signDesiredState({ ...document(), lifecycle: 'gone' } as unknown as DesiredState, key),
      want: 'invalid document',
    },
  ])('refuses $name', async ({ make, minRevision, want }) => {
    expect(await refusal(await make(), minRevision)).toBe(want);
  });

  it('accepts the revision in force again, so that a restarted agent can fetch it', async () => {
    expect(await refusal(await signDesiredState(document(), key), 7)).toBe('accepted');
  });
});
