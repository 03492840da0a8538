import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { contentDigest, lintPack, openPackArchive, openPackDirectory, packArchive, RenderError } from '#packs/index';

import { HELM_BUILD_MS, helmPath, rendererFor, renderPack, temporary } from './support.ts';

/** Packs of the public community repository; they are not ours to keep, so they are used where they are. */
const PACKS = join(process.cwd(), '../shared/reference/packs');
const names = existsSync(PACKS) ? await readdir(PACKS) : [];

/** Packs that Helm refuses as they are, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'akuity-agent-0.30.0-5.5.2026': 'charts/akuity-agent-0.30.0-5.5.2026.tgz/templates/secret.yaml:13:24',
  // The template has "{- end}" where "{{- end }}" belongs.
  'external-snapshotter-4.0.1': 'manifests/vsclass.yaml:14',
};

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => work.remove());

describe('packs in the wild, where they are at hand', () => {
  it('open, and lint finds no errors in them', async () => {
    const errors: unknown[] = [];
    for (const name of names) {
      const problems = lintPack(await openPackDirectory(join(PACKS, name)));
      errors.push(...problems.filter(({ severity }) => severity === 'error').map((problem) => ({ name, ...problem })));
    }
    expect(errors).toEqual([]);
  }, 60_000);
  it('are the same after packing', async () => {
    for (const name of names) {
      const directory = join(PACKS, name);
      expect([name, contentDigest(await openPackArchive(await packArchive(directory)))]).toEqual([
        name,
        contentDigest(await openPackDirectory(directory)),
      ]);
    }
  }, 60_000);
  it('render, twice alike, or are refused with the place', async () => {
    for (const name of names) {
      const pack = await openPackDirectory(join(PACKS, name));
      const rendering = [rendererFor(helm, work.path), rendererFor(helm, work.path)].map(async (renderer) =>
        renderPack(renderer, pack),
      );
      const refused = REFUSED[name];
      if (refused !== undefined) {
        const results = await Promise.allSettled(rendering);
        for (const result of results) {
          expect(result).toMatchObject({ status: 'rejected', reason: expect.any(RenderError) });
          expect(result.status === 'rejected' ? String(result.reason) : '').toContain(`${pack.name}, ${refused}: `);
        }
        continue;
      }
      const [first, second] = await Promise.all(rendering);
      expect(first?.objects.length).toBeGreaterThan(0);
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    }
  }, 120_000);
});
