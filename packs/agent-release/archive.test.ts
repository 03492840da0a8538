import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { writeArchive } from '../archive/write-archive.ts';
import { openRelease, ReleaseError, requireNode, writeRelease } from './archive.ts';

const IMAGE = `registry.example/agent@sha256:${'a'.repeat(64)}`;
const PROGRAM = new Map([['agent.mjs', Buffer.from('console.log("agent");'.repeat(50))]]);
const MANIFEST = { version: '1.2.3', entry: 'agent.mjs', node: '>=20.19.0', image: IMAGE };

function archiveWith(manifest: unknown, about: unknown = { name: 'palette-iac', version: '1.2.3' }): Buffer {
  return writeArchive(
    new Map([
      ...PROGRAM,
      ['release.json', Buffer.from(typeof manifest === 'string' ? manifest : JSON.stringify(manifest))],
      ['package.json', Buffer.from(JSON.stringify(about))],
    ]),
  );
}

const WHOLE = { kind: 'palette-agent-release', ...MANIFEST };

describe('a release of the agent', () => {
  it('is read as it was written, and the same content has the same bytes', async () => {
    const bytes = writeRelease(MANIFEST, PROGRAM);
    expect(writeRelease(MANIFEST, PROGRAM).equals(bytes)).toBe(true);
    const { manifest, files } = await openRelease(bytes);
    expect(manifest).toEqual(WHOLE);
    expect([...files.keys()]).toEqual(['agent.mjs', 'package.json', 'release.json']);
  });

  it.each([
    { name: 'no archive', bytes: Buffer.from('no archive'), reason: /cannot be read/ },
    { name: 'an archive of something else', bytes: writeArchive(PROGRAM), reason: /has no release\.json/ },
    { name: 'no JSON', bytes: archiveWith('{'), reason: /is not JSON/ },
    { name: 'another kind', bytes: archiveWith({ ...WHOLE, kind: 'pack' }), reason: /kind/ },
    { name: 'a version that is none', bytes: archiveWith({ ...WHOLE, version: 'newest' }), reason: /semantic version/ },
    {
      name: 'an entry outside',
      bytes: archiveWith({ ...WHOLE, entry: 'a/../../agent.mjs' }),
      reason: /inside the archive/,
    },
    { name: 'an absolute entry', bytes: archiveWith({ ...WHOLE, entry: '/bin/agent.mjs' }), reason: /relative path/ },
    {
      name: 'an entry that is not there',
      bytes: archiveWith({ ...WHOLE, entry: 'other.mjs' }),
      reason: /does not have/,
    },
    { name: 'an image by tag', bytes: archiveWith({ ...WHOLE, image: 'agent:latest' }), reason: /by its digest/ },
    {
      name: 'two versions',
      bytes: archiveWith(WHOLE, { name: 'palette-iac', version: '9.9.9' }),
      reason: /must agree/,
    },
    { name: 'another package', bytes: archiveWith(WHOLE, { name: 'other', version: '1.2.3' }), reason: /must agree/ },
  ])('is not taken for one: $name', async ({ bytes, reason }) => {
    const opening = openRelease(bytes);
    await expect(opening).rejects.toBeInstanceOf(ReleaseError);
    await expect(opening).rejects.toThrow(reason);
  });

  it('whatever bytes come, it is a release or a ReleaseError says why not', async () => {
    const good = writeRelease(MANIFEST, PROGRAM);
    const changed = fc
      .tuple(
        fc.integer({ min: 0, max: good.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 1, max: good.length }),
      )
      .map(([at, value, length]) => {
        const bytes = Buffer.from(good);
        bytes[at] = value;
        return bytes.subarray(0, length);
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const failure = await openRelease(bytes).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(failure === undefined || failure instanceof ReleaseError).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('says which Node.js it needs', () => {
    expect(() => requireNode(MANIFEST, '22.1.0')).not.toThrow();
    expect(() => requireNode(MANIFEST, '18.0.0')).toThrow('needs Node.js >=20.19.0');
  });
});
