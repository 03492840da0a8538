import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLogger } from '#core/log';
import { createClient } from '#openapi/client/index';
import { createRenderer, type Renderer } from '#packs/index';
import { canonicalJson } from '#protocol/canonical';

import type { ProfileDocument } from '../document.ts';
import { applyLock, EMPTY_LOCK, LOCK_FILE, parseLock, unlockedLayers, type LockFile } from '../lock/lock-file.ts';
import { lockedSource } from '../lock/locked-source.ts';
import { ProfileError, titleOf } from '../problem.ts';
import { archiveCache } from '../render/archive-cache.ts';
import { directorySource } from '../render/directory-source.ts';
import type { PackSource } from '../render/pack-source.ts';
import { planeSource } from '../render/plane-source.ts';
import { renderProfile, type RenderProfileOptions } from '../render/render-profile.ts';
import type { RenderedProfile } from '../rendered.ts';
import { currentSettings, type TestSettings } from './settings.ts';

export interface TestRenderOptions
  extends Pick<RenderProfileOptions, 'variables' | 'macros' | 'system' | 'kubeVersion' | 'apiVersions'>, TestSettings {}

/** Milliseconds for one profile, downloads and charts included. */
const TIMEOUT_MS = 120_000;

const rendered = new WeakMap<ProfileDocument, Map<string, Promise<RenderedProfile>>>();

/**
 * What an agent would apply for a profile, for tests. Equal questions about one profile are answered once.
 *
 * @throws as `palette profile render` does: ProfileError, PackError, RenderError.
 * @example
 * const rendered = await render(shop, { variables: { replicas: '3' } });
 * expect(rendered).toRenderObject('Deployment shop/web', { spec: { replicas: 3 } });
 */
export async function render(document: ProfileDocument, options: TestRenderOptions = {}): Promise<RenderedProfile> {
  const all = { ...currentSettings(), ...options };
  const known = rendered.get(document) ?? new Map<string, Promise<RenderedProfile>>();
  rendered.set(document, known);
  const key = canonicalJson(JSON.parse(JSON.stringify(all)));
  const found = known.get(key) ?? renderNow(document, all);
  known.set(key, found);
  return found;
}

async function renderNow(document: ProfileDocument, options: TestRenderOptions): Promise<RenderedProfile> {
  const lock = await lockOf(options.lock);
  const pinned = applyLock(document, lock);
  const open = options.locked === true ? unlockedLayers(pinned) : [];
  if (open.length > 0)
    throw ProfileError.of({
      profile: titleOf(document),
      rule: 'not-locked',
      message: `no lock file pins ${open.join(', ')}; run \`palette profile lock\` and commit ${LOCK_FILE}`,
    });
  const { source, close } = await sourceOf(options);
  try {
    const { variables, macros, system, kubeVersion, apiVersions } = options;
    return await renderProfile(pinned, {
      ...(variables === undefined ? {} : { variables }),
      ...(macros === undefined ? {} : { macros }),
      ...(system === undefined ? {} : { system }),
      ...(kubeVersion === undefined ? {} : { kubeVersion }),
      ...(apiVersions === undefined ? {} : { apiVersions }),
      source: lockedSource(source, lock),
      renderer: rendererOf(options.helm ?? 'helm'),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } finally {
    close();
  }
}

async function lockOf(given: string | undefined): Promise<LockFile> {
  if (given === undefined && !existsSync(LOCK_FILE)) return EMPTY_LOCK;
  const file = given ?? LOCK_FILE;
  return parseLock(file, await readFile(file, 'utf8'));
}

async function sourceOf({
  packs,
  projectUid,
  cache,
}: TestSettings): Promise<{ readonly source: PackSource; readonly close: () => void }> {
  if (packs !== undefined && packs.length > 0) return { source: directorySource(packs), close: () => undefined };
  const { SPECTROCLOUD_HOST: host, SPECTROCLOUD_APIKEY: apiKey, SPECTROCLOUD_CA_FILE: caFile } = process.env;
  if (!host || !apiKey) return { source: NO_PACKS, close: () => undefined };
  const ca = caFile ? await readFile(caFile, 'utf8') : undefined;
  const client = createClient({ host, apiKey, ...(ca === undefined ? {} : { ca }) });
  return {
    source: planeSource({
      client,
      host,
      scope: projectUid === undefined ? { kind: 'tenant' } : { kind: 'project', projectUid },
      ...(cache === undefined ? {} : { cache: archiveCache(cache) }),
    }),
    close: () => client.close(),
  };
}

const NO_PACKS: PackSource = {
  description: 'any folder: give one with `palette profile test --packs DIR` or configure({ packs: [DIR] })',
  versions: async () => [],
  open: async () => undefined,
};

const renderers = new Map<string, Renderer>();

function rendererOf(helm: string): Renderer {
  const known = renderers.get(helm);
  if (known) return known;
  const workDir = mkdtempSync(join(tmpdir(), 'palette-profile-test-'));
  process.once('exit', () => rmSync(workDir, { recursive: true, force: true }));
  const made = createRenderer({ helm, workDir, log: silentLogger });
  renderers.set(helm, made);
  return made;
}
