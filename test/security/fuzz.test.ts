/**
 * What agents believe only when it is signed, damaged in every way that chance finds: it is refused with an error that says
 * so, or it says the very same. Nothing else is thrown, nothing of it is used, and nothing hangs.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { verifyRelease } from '#agent/upgrade/verify';
import { sha256, type Digest } from '#core/digest';
import { openRelease, ReleaseError, writeRelease } from '#packs/agent-release/archive';
import {
  BundleError,
  bundleSigner,
  readBundle,
  trustKeys,
  writeBundle,
  type BundleManifest,
} from '#packs/bundle/index';
import { publicKeyOf, signBlob } from '#packs/signature/index';
import type { DesiredState } from '#protocol/desired-state';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';
import {
  DesiredStateRefused,
  generateSigningKey,
  signDesiredState,
  trustedKey,
  verifyDesiredState,
  type SignedDesiredState,
} from '#protocol/signature';

const RUNS = 200;
const { signal } = new AbortController();

type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number };

const nat = fc.nat({ max: 2 ** 20 });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: nat, bit: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: nat }),
  fc.record({ kind: fc.constant('insert' as const), at: nat, bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: nat, length: fc.integer({ min: 1, max: 1_000 }) }),
);

function damaged(bytes: Uint8Array, how: Damage): Uint8Array {
  const at = how.at % Math.max(1, bytes.length);
  switch (how.kind) {
    case 'flip': {
      const copy = Uint8Array.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << how.bit);
      return copy;
    }
    case 'cut':
      return bytes.subarray(0, at);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), how.bytes, bytes.subarray(at)]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, at + how.length), bytes.subarray(at)]);
  }
}

/** The outcome of trying, where it is one of those that may be. */
async function outcome<T>(work: Promise<T>, isRefusal: (error: unknown) => boolean): Promise<T | 'refused'> {
  try {
    return await work;
  } catch (error) {
    if (isRefusal(error)) return 'refused';
    throw error;
  }
}

describe('a signed document', () => {
  const key = generateSigningKey();
  const clusterUid = ClusterUid.parse('c'.repeat(24));
  const document: DesiredState = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'DesiredState',
    tenantUid: TenantUid.parse('a'.repeat(24)),
    projectUid: ProjectUid.parse('b'.repeat(24)),
    clusterUid,
    revision: 7,
    issuedAt: '2026-01-01T00:00:00.000Z',
    lifecycle: 'active',
    policy: { drift: 'heal', resyncSeconds: 600 },
    context: { system: {}, macros: { a: 'b' }, variables: {}, packs: {} },
    layers: [],
  };
  const options = { clusterUid, trustedKeys: [trustedKey(key)], minRevision: 0 };
  const open = async (body: unknown): Promise<DesiredState | 'refused'> =>
    outcome(verifyDesiredState(body, options), (error) => error instanceof DesiredStateRefused);

  it('that is whole is believed', async () => {
    expect(await open(await signDesiredState(document, key))).toEqual(document);
  });

  it('with any part damaged is refused, or says the same', async () => {
    const signed = await signDesiredState(document, key);
    const part = fc.constantFrom<keyof SignedDesiredState>('protected', 'payload', 'signature');
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(part, damage, async (name, how) => {
        const text = Buffer.from(damaged(Buffer.from(signed[name]), how)).toString('latin1');
        const result = await open({ ...signed, [name]: text });
        if (result === 'refused') refused++;
        else expect(result).toEqual(document);
      }),
      { numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(RUNS / 2);
  });

  it('put together from parts of two is refused', async () => {
    const [one, other] = await Promise.all([
      signDesiredState(document, key),
      signDesiredState({ ...document, revision: 8, lifecycle: 'deleting' }, key),
    ]);
    expect(await open({ ...one, payload: other.payload })).toBe('refused');
    expect(await open({ ...one, signature: other.signature })).toBe('refused');
  });

  it('that is anything else altogether is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true, maxDepth: 3 }), async (body) => {
        expect(await open(body)).toBe('refused');
      }),
      { numRuns: RUNS },
    );
    const texts = fc.record({ protected: fc.base64String(), payload: fc.base64String(), signature: fc.base64String() });
    await fc.assert(
      fc.asyncProperty(texts, async (body) => {
        expect(await open(body)).toBe('refused');
      }),
      { numRuns: RUNS },
    );
  });

  it('whose content is well signed, and not what it should be, is refused', async () => {
    const wrong = fc.constantFrom<keyof DesiredState>(
      'clusterUid',
      'revision',
      'layers',
      'context',
      'lifecycle',
      'policy',
    );
    await fc.assert(
      fc.asyncProperty(wrong, fc.jsonValue(), async (name, value) => {
        const changed: Record<string, unknown> = { ...document, [name]: value };
        // as: whoever holds the key may sign what is no document
        const signed = await signDesiredState(changed as unknown as DesiredState, key).catch(() => undefined);
        if (signed === undefined) return;
        const result = await open(signed);
        if (result !== 'refused') expect(result).toMatchObject({ clusterUid });
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a bundle', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const content = Buffer.from('the archive of a pack, as far as a bundle is concerned');
  const blob = { digest: sha256(content), size: content.length };
  const manifest: BundleManifest = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'Bundle',
    name: 'fuzzed',
    profiles: [],
    packs: [{ name: 'pack', version: '1.0.0', layer: 'addon', contentDigest: sha256('content'), blob }],
    desiredStates: [],
    images: [],
  };
  const written = async (): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of writeBundle(manifest, {
      blob: async () => content,
      sign: bundleSigner(privateKey),
      signal,
    }))
      parts.push(part);
    return Buffer.concat(parts);
  };
  const read = async (bytes: Uint8Array): Promise<readonly (readonly [Digest, string])[] | 'refused'> => {
    const blobs: [Digest, string][] = [];
    const source = (async function* () {
      yield bytes;
    })();
    const reading = readBundle(source, {
      trust: trustKeys([publicKey]),
      onBlob: ({ digest }, given) => void blobs.push([digest, Buffer.from(given).toString('latin1')]),
      signal,
    });
    const result = await outcome(reading, (error) => error instanceof BundleError);
    return result === 'refused' ? result : blobs;
  };
  const whole = [[blob.digest, content.toString('latin1')]];

  it('that is whole is read', async () => {
    expect(await read(await written())).toEqual(whole);
  });

  it.each([
    { name: 'damaged as it is sent', unpack: false },
    { name: 'damaged inside its compression', unpack: true },
  ])('$name is refused, or says the same', async ({ unpack }) => {
    const bytes = await written();
    const inner = gunzipSync(bytes);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const result = await read(unpack ? gzipSync(damaged(inner, how)) : damaged(bytes, how));
        if (result === 'refused') refused++;
        else expect(result).toEqual(whole);
      }),
      { numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(RUNS / 4);
  });

  it('of any bytes is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), async (bytes, packed) => {
        expect(await read(packed ? gzipSync(bytes) : bytes)).toBe('refused');
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a release of the agent', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const keys = [publicKeyOf(privateKey)];
  const bytes = writeRelease(
    { version: '9.9.9', entry: 'main.mjs', node: '>=18' },
    new Map([['main.mjs', Buffer.from('process.exit(0);\n')]]),
  );
  const release = { version: '9.9.9', content: sha256(bytes), signature: signBlob(bytes, privateKey) };
  const isRefusal = (error: unknown): boolean => error instanceof ReleaseError;

  it('that is whole is taken', async () => {
    expect((await verifyRelease(bytes, release, keys)).manifest).toMatchObject({ version: '9.9.9' });
  });

  it('whose bytes are damaged is refused, also when its digest was put right', async () => {
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (how, putRight) => {
        const other = damaged(bytes, how);
        if (Buffer.compare(other, bytes) === 0) return;
        const asked = putRight ? { ...release, content: sha256(other) } : release;
        expect(await outcome(verifyRelease(other, asked, keys), isRefusal)).toBe('refused');
      }),
      { numRuns: RUNS },
    );
  });

  it('whose signature is damaged is refused', async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const signature = Buffer.from(damaged(Buffer.from(release.signature), how)).toString('latin1');
        const result = await outcome(verifyRelease(bytes, { ...release, signature }, keys), isRefusal);
        // Base64 has spare bits and takes white space: what decodes to the same bytes is the same signature.
        const same = Buffer.from(signature, 'base64').equals(Buffer.from(release.signature, 'base64'));
        if (!same) expect(result).toBe('refused');
      }),
      { numRuns: RUNS },
    );
  });

  it('that is well signed, and no release, is refused', async () => {
    const inner = gunzipSync(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          damage.map((how) => gzipSync(damaged(inner, how))),
          fc.uint8Array(),
        ),
        async (other) => {
          const signed = { ...release, content: sha256(other), signature: signBlob(other, privateKey) };
          const result = await outcome(verifyRelease(other, signed, keys), isRefusal);
          // Who holds the key decides; what is opened stays inside the archive all the same.
          if (result !== 'refused')
            for (const path of result.files.keys()) expect(path).not.toMatch(/(^|\/)\.\.(\/|$)|^\//);
          await outcome(openRelease(other), isRefusal);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
