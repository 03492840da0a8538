/** The pack engine behind `RenderLayer`. */
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { sha256, type Digest } from '#core/digest';
import type { Logger } from '#core/log';
import { createRenderer, openPackArchive, type Pack } from '#packs/index';

import type { AgentConfig } from '../config.ts';
import type { RenderLayer } from './render.ts';

const HELM_TIMEOUT_MS = 60_000;
/** Rendered text that is kept so that only what changed is rendered again: the agent is to stay small. */
const CACHE_BYTES = 1024 * 1024;
/** Opened packs that are kept, and how large an archive may be to be kept. */
const KEPT_PACKS = 16;
const KEPT_BYTES = 512 * 1024;

export function packRenderer({ helm, stateDir }: Pick<AgentConfig, 'helm' | 'stateDir'>, log: Logger): RenderLayer {
  const workDir = path.join(stateDir ?? tmpdir(), `palette-agent-${process.pid}`);
  const renderer = createRenderer({ helm, workDir, timeoutMs: HELM_TIMEOUT_MS, cacheBytes: CACHE_BYTES, log });
  const packs = new Map<Digest, Pack>();

  const open = async (archive: Uint8Array): Promise<Pack> => {
    const digest = sha256(archive);
    const known = packs.get(digest);
    if (known) return known;
    const pack = await openPackArchive(archive);
    if (archive.length <= KEPT_BYTES) packs.set(digest, pack);
    const [oldest] = packs.keys();
    if (packs.size > KEPT_PACKS && oldest !== undefined) packs.delete(oldest);
    return pack;
  };

  return async (layer, archive, context, options) =>
    renderer.render(layer, archive && (await open(archive)), context, options);
}
