/** Releases of the agent, made of this checkout: good ones, and some that go wrong in the ways that releases do. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { packageRoot } from '#cli/package-root';
import { sha256 } from '#core/digest';
import { writeRelease } from '#packs/agent-release/archive';
import { generateKeyPair, readPrivateKey, signBlob } from '#packs/signature/index';
import type { AgentRelease } from '#protocol/actions';

export interface ReleaseKey {
  readonly publicKey: string;
  sign(bytes: Uint8Array): string;
}

export async function releaseKey(): Promise<ReleaseKey> {
  const { privateKey, publicKey } = await generateKeyPair('');
  const key = await readPrivateKey(privateKey, '');
  return { publicKey, sign: (bytes) => signBlob(bytes, key) };
}

const Built = z.object({ file: z.string() });

/** Bundles the agent of this checkout. */
export async function agentProgram(dir: string): Promise<Buffer> {
  const script: unknown = await import(pathToFileURL(path.join(packageRoot, 'scripts/build-agent.mjs')).href);
  const { buildAgent } = z
    .object({ buildAgent: z.custom<(options: { readonly out: string }) => Promise<unknown>>() })
    .parse(script);
  const { file } = Built.parse(await buildAgent({ out: path.join(dir, 'palette-agent.mjs') }));
  return readFile(file);
}

/** What the release does in place of the agent's work. */
export type Fault =
  | 'none'
  /** It ends when it is started. */
  | 'cannot start'
  /** It ends as soon as it is to work. */
  | 'ends at work';

const FAULTS: Readonly<Record<Exclude<Fault, 'none'>, string>> = {
  'cannot start': "throw new Error('this release cannot start');",
  'ends at work': `
    const end = () => process.exit(7);
    if (process.env.PALETTE_AGENT_LAUNCHED === 'active') end();
    process.prependListener('message', (message) => { if (message.kind === 'go') end(); });
    await import('./agent.mjs');`,
};

export interface TestRelease {
  readonly archive: Buffer;
  readonly release: AgentRelease;
}

export function makeRelease(
  program: Uint8Array,
  key: ReleaseKey,
  { version, fault = 'none', image }: { readonly version: string; readonly fault?: Fault; readonly image?: string },
): TestRelease {
  const files = new Map<string, Uint8Array>([['agent.mjs', program]]);
  if (fault !== 'none') files.set('main.mjs', Buffer.from(FAULTS[fault]));
  const archive = writeRelease(
    {
      version,
      entry: fault === 'none' ? 'agent.mjs' : 'main.mjs',
      node: '>=20.19.0',
      ...(image === undefined ? {} : { image }),
    },
    files,
  );
  return {
    archive,
    release: {
      version,
      content: sha256(archive),
      signature: key.sign(archive),
      ...(image === undefined ? {} : { image }),
    },
  };
}

/** The version that a launcher comes with, on disk. Gives its entry. */
export async function installBuiltIn(dir: string, program: Uint8Array, version: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const about = { name: 'palette-iac', version, type: 'module', exports: { './package.json': './package.json' } };
  await writeFile(path.join(dir, 'package.json'), JSON.stringify(about));
  const entry = path.join(dir, 'agent.mjs');
  await writeFile(entry, program);
  return entry;
}
