/** The pack engine behind `RenderLayer`. */
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { sha256, type Digest } from '#core/digest';
import type { Logger } from '#core/log';
import { createRenderer, openPackArchive, type Pack } from '#packs/index';

import { agentTooOld, requiredAgent } from '#packs/constraints/agent-gates';
import { PackError } from '#packs/problem';

import { AGENT_VERSION } from '../version.ts';
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

  return async (layer, archive, context, options) => {
    const pack = archive && (await open(archive));
    if (pack) refuseTooNew(pack);
    return renderer.render(layer, pack, context, options);
  };
}

/** The plane refuses such packs too, but a document may come by another way, and an agent may have been put back. */
function refuseTooNew(pack: Pick<Pack, 'name' | 'version' | 'constraints'>): void {
  const least = requiredAgent(pack);
  if (least === undefined || !agentTooOld(AGENT_VERSION, least)) return;
  throw PackError.at(
    'InvalidPack',
    'pack.json',
    'agent-version',
    `pack ${pack.name} ${pack.version} needs agent ${least} or newer, and this is ${AGENT_VERSION}; upgrade the agent first`,
  );
}
