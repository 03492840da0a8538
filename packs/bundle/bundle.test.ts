import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';

import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Header } from 'tar';

import { sha256, type Digest } from '#core/digest';
import { canonicalJson } from '#protocol/canonical';

import { signBlob } from '../signature/index.ts';
import { BundleError } from './bundle-error.ts';
import { BUNDLE_LIMITS } from './limits.ts';
import { blobPath, manifestBytes, type BundleManifest } from './manifest.ts';
import { readBundle, type ReadBundleOptions } from './read-bundle.ts';
import { bundleSigner, trustKeys } from './trust.ts';
import { writeBundle } from './write-bundle.ts';

jest.setTimeout(30_000);

const { signal } = new AbortController();
const ed25519 = generateKeyPairSync('ed25519');
const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function blobOf(content: Uint8Array): { digest: Digest; size: number } {
  return { digest: sha256(content), size: content.byteLength };
}

interface Given {
  readonly manifest: BundleManifest;
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
}

function bundleOf(contents: readonly Uint8Array[], change: Partial<BundleManifest> = {}): Given {
  const blobs = new Map(contents.map((content) => [sha256(content), content]));
  const packs = contents.map((content, at) => ({
    name: `pack-${at}`,
    version: '1.0.0',
    layer: 'addon',
    contentDigest: sha256(`content of ${at}`),
    blob: blobOf(content),
  }));
  const manifest: BundleManifest = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'Bundle',
    name: 'test',
    profiles: [],
    packs,
    desiredStates: [],
    images: [{ image: 'docker.io/library/nginx:1', usedBy: ['pack-0 1.0.0'] }],
    ...change,
  };
  return { manifest, blobs };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function write({ manifest, blobs }: Given, key = ed25519.privateKey): Promise<Buffer> {
  const blob = async (digest: Digest): Promise<Uint8Array> => blobs.get(digest) ?? new Uint8Array();
  return collect(writeBundle(manifest, { blob, sign: bundleSigner(key), signal }));
}

async function* inPieces(bytes: Uint8Array, size = 4096): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  bytes: Uint8Array,
  options: Partial<ReadBundleOptions> & { readonly pieces?: number } = {},
): Promise<{ manifest: BundleManifest; blobs: Map<Digest, Uint8Array> }> {
  const blobs = new Map<Digest, Uint8Array>();
  const manifest = await readBundle(inPieces(bytes, options.pieces), {
    trust: trustKeys([ed25519.publicKey]),
    onBlob: ({ digest }, content) => void blobs.set(digest, content),
    signal,
    ...options,
  });
  return { manifest, blobs };
}

/** A tar of entries as hostile as a test likes; unsigned unless a test signs. */
function tarOf(
  entries: readonly { path: string; content?: Uint8Array | string; type?: 'SymbolicLink' | 'File' }[],
): Buffer {
  const parts = entries.flatMap(({ path, content = '', type = 'File' }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    new Header({
      path,
      type,
      size: body.byteLength,
      mode: 0o644,
      ...(type === 'File' ? {} : { linkpath: '/etc' }),
    }).encode(header);
    return [header, body, Buffer.alloc((512 - (body.byteLength % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function signedTar(
  manifest: Uint8Array | string,
  entries: Parameters<typeof tarOf>[0],
  key = ed25519.privateKey,
): Buffer {
  const bytes = Buffer.from(manifest);
  return gzipSync(
    tarOf([
      { path: 'manifest.json', content: bytes },
      { path: 'manifest.sig', content: signBlob(bytes, key) },
      ...entries,
    ]),
  );
}

async function refusal(work: Promise<unknown>): Promise<BundleError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BundleError);
  return error as BundleError;
}

describe('a bundle', () => {
  it('comes back as it was written, whatever it holds and however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8, selector: sha256 }),
        fc.integer({ min: 1, max: 5000 }),
        async (contents, pieces) => {
          const given = bundleOf(contents);
          const { manifest, blobs } = await read(await write(given), { pieces });
          expect(manifest).toEqual(given.manifest);
          expect([...blobs.keys()].sort()).toEqual([...given.blobs.keys()].sort());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of the same things is the same file, in whatever order they were named', async () => {
    const contents = [randomBytes(100), randomBytes(200), randomBytes(300)];
    const one = bundleOf(contents);
    const other = { ...one, manifest: { ...one.manifest, packs: one.manifest.packs.toReversed() } };
    expect(sha256(await write(other))).toBe(sha256(await write(one)));
  });

  it('holds what two packs share once', async () => {
    const content = randomBytes(50_000);
    const { manifest, blobs } = bundleOf([content]);
    const [pack] = manifest.packs;
    const twice = { ...manifest, packs: pack ? [pack, { ...pack, name: 'copy' }] : [] };
    const bytes = await write({ manifest: twice, blobs });
    expect(bytes.byteLength).toBeLessThan(60_000);
    expect((await read(bytes)).blobs.size).toBe(1);
  });

  it('is signed as cosign signs, with ECDSA too', async () => {
    const bytes = await write(bundleOf([randomBytes(10)]), ecdsa.privateKey);
    let signer = '';
    await read(bytes, {
      trust: trustKeys([ed25519.publicKey, ecdsa.publicKey], (key) => {
        signer = key.asymmetricKeyType ?? '';
      }),
    });
    expect(signer).toBe('ec');
  });

  it('is read one blob at a time: the next waits until the last was taken', async () => {
    const contents = Array.from({ length: 20 }, () => randomBytes(200_000));
    const bytes = await write(bundleOf(contents));
    let open = 0;
    let most = 0;
    await read(bytes, {
      onBlob: async () => {
        most = Math.max(most, ++open);
        await Promise.resolve();
        open--;
      },
    });
    expect(most).toBe(1);
  });

  it('is not written with a blob that is something else than the manifest says', async () => {
    const { manifest } = bundleOf([randomBytes(10)]);
    const error = await refusal(write({ manifest, blobs: new Map() }));
    expect(error.code).toBe('DamagedBundle');
  });
});

describe('a bundle that must not be used', () => {
  const content = Buffer.from('the archive of a pack');
  const given = bundleOf([content]);
  const signed = manifestBytes(given.manifest);
  const path = blobPath(blobOf(content));
  const withManifest = (change: object): Buffer =>
    signedTar(canonicalJson({ ...given.manifest, ...change }), [{ path, content }]);

  it.each<{ name: string; make: () => Buffer | Promise<Buffer>; code: string; message: RegExp }>([
    {
      name: 'bytes that are no gzip',
      make: () => randomBytes(1000).fill(1, 0, 2),
      code: 'UnreadableBundle',
      message: /gzip/,
    },
    { name: 'nothing', make: () => Buffer.alloc(0), code: 'UnreadableBundle', message: /./ },
    {
      name: 'an archive of something else',
      make: () => gzipSync(tarOf([{ path: 'pack.json', content: '{}' }])),
      code: 'UnreadableBundle',
      message: /expected manifest\.json, and found pack\.json/,
    },
    {
      name: "another key's signature",
      make: async () => write(given, ecdsa.privateKey),
      code: 'UntrustedBundle',
      message: /not signed with the key sha256:/,
    },
    {
      name: 'no signature',
      make: () => gzipSync(tarOf([{ path: 'manifest.json', content: signed }, { path: 'manifest.sig' }])),
      code: 'UntrustedBundle',
      message: /not signed/,
    },
    {
      name: 'a manifest changed after it was signed',
      make: () =>
        gzipSync(
          tarOf([
            { path: 'manifest.json', content: Buffer.from(signed).toString().replace('"test"', '"evil"') },
            { path: 'manifest.sig', content: signBlob(signed, ed25519.privateKey) },
            { path, content },
          ]),
        ),
      code: 'UntrustedBundle',
      message: /changed after it was signed/,
    },
    {
      name: 'a blob with another content of the same length',
      make: () => signedTar(signed, [{ path, content: 'the archive of a pick' }]),
      code: 'DamagedBundle',
      message: /something else/,
    },
    {
      name: 'a blob of another length',
      make: () => signedTar(signed, [{ path, content: 'the' }]),
      code: 'DamagedBundle',
      message: /3 bytes/,
    },
    { name: 'a blob that is missing', make: () => signedTar(signed, []), code: 'UnreadableBundle', message: /missing/ },
    {
      name: 'a file that climbs out',
      make: () => signedTar(signed, [{ path: '../../etc/passwd', content }]),
      code: 'UnreadableBundle',
      message: /expected blobs\/sha256\//,
    },
    {
      name: 'a link in place of a blob',
      make: () => signedTar(signed, [{ path, type: 'SymbolicLink' }]),
      code: 'UnreadableBundle',
      message: /SymbolicLink/,
    },
    {
      name: 'a file that the manifest does not name',
      make: () =>
        signedTar(signed, [
          { path, content },
          { path: 'more', content: 'x' },
        ]),
      code: 'UnreadableBundle',
      message: /more follows the last blob/,
    },
    {
      name: 'a blob that comes twice',
      make: () =>
        signedTar(signed, [
          { path, content },
          { path, content },
        ]),
      code: 'UnreadableBundle',
      message: /follows the last blob/,
    },
    {
      name: 'a file cut short',
      make: async () => (await write(given)).subarray(0, -40),
      code: 'UnreadableBundle',
      message: /./,
    },
    {
      name: 'something after its end',
      make: async () => Buffer.concat([await write(given), Buffer.from('and more')]),
      code: 'UnreadableBundle',
      message: /./,
    },
    {
      name: 'a manifest that is not canonical',
      make: () => signedTar(JSON.stringify(given.manifest, undefined, 1), []),
      code: 'InvalidManifest',
      message: /canonical/,
    },
    {
      name: 'a manifest with a key twice',
      make: () => signedTar(Buffer.from(signed).toString().replace('{', '{"kind":"X",'), []),
      code: 'InvalidManifest',
      message: /canonical/,
    },
    { name: 'a manifest that is no JSON', make: () => signedTar('{', []), code: 'InvalidManifest', message: /JSON/ },
    {
      name: 'a bundle of another version',
      make: () => withManifest({ apiVersion: 'palette-iac.dev/v9' }),
      code: 'InvalidManifest',
      message: /palette-iac\.dev\/v1/,
    },
    {
      name: 'a digest that is a path',
      make: () =>
        withManifest({ packs: [{ ...given.manifest.packs[0], blob: { digest: 'sha256:../../evil', size: 1 } }] }),
      code: 'InvalidManifest',
      message: /digest/,
    },
    {
      name: 'a name with control characters',
      make: () => withManifest({ name: 'a\u001b[2Jb' }),
      code: 'InvalidManifest',
      message: /printable/,
    },
    {
      name: 'a blob larger than any pack may be',
      make: () =>
        withManifest({
          packs: [{ ...given.manifest.packs[0], blob: { digest: sha256('x'), size: BUNDLE_LIMITS.blobBytes + 1 } }],
        }),
      code: 'LimitExceeded',
      message: /at most/,
    },
  ])('$name', async ({ make, code, message }) => {
    const handed: string[] = [];
    const error = await refusal(read(await make(), { onBlob: ({ digest }) => void handed.push(digest) }));
    expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.stringMatching(message) });
    // Nothing but what the manifest names was handed on.
    expect(handed.every((digest) => given.blobs.has(digest as Digest))).toBe(true);
  });

  it('one changed byte anywhere is noticed, or changes nothing', async () => {
    const tar = gunzipSync(await write(bundleOf([randomBytes(700), randomBytes(10)])));
    const before = await read(gzipSync(tar));
    await fc.assert(
      fc.asyncProperty(fc.nat(tar.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(tar);
        changed[at] = (changed[at] ?? 0) ^ change;
        const after = await read(gzipSync(changed)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(BundleError);
          return before;
        });
        expect(after).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    { name: 'in its manifest', entries: [{ path: 'manifest.json', size: 1024 ** 3 }] },
    { name: 'before its manifest', entries: [{ path: 'zeros', size: 1024 ** 3 }] },
  ])('a bomb $name costs no more than the limits', async ({ entries: [entry] }) => {
    const header = Buffer.alloc(512);
    new Header({ path: entry?.path ?? '', size: entry?.size ?? 0, type: 'File', mode: 0o644 }).encode(header);
    const gzip = createGzip();
    gzip.write(header);
    // 60 MB of zeros, in 60 KB.
    for (let at = 0; at < 60; at++) gzip.write(Buffer.alloc(1024 * 1024));
    gzip.end();
    const bytes = await collect(gzip);
    const before = process.memoryUsage().arrayBuffers;
    const error = await refusal(read(bytes));
    expect(['LimitExceeded', 'UnreadableBundle']).toContain(error.code);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('a bomb behind the last blob is refused', async () => {
    const tar = Buffer.concat([gunzipSync(signedTar(signed, [{ path, content }])), Buffer.alloc(30 * 1024 * 1024)]);
    expect((await refusal(read(gzipSync(tar)))).code).toBe('LimitExceeded');
  });

  it('an abort ends the reading with its reason', async () => {
    const bytes = await write(bundleOf([randomBytes(100_000), randomBytes(100_000)]));
    const stop = new AbortController();
    const reading = read(bytes, { signal: stop.signal, onManifest: () => stop.abort(new Error('enough')) });
    await expect(reading).rejects.toThrow('enough');
  });

  it('a failure of who takes a blob ends the reading', async () => {
    const bytes = await write(bundleOf([randomBytes(10), randomBytes(10)]));
    await expect(
      read(bytes, {
        onBlob: () => {
          throw new Error('no room');
        },
      }),
    ).rejects.toThrow('no room');
  });
});
