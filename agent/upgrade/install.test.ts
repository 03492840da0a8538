import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { sha256 } from '#core/digest';

import { installRelease } from './install.ts';
import { writeLauncherState } from './launcher-state.ts';
import type { Version } from './messages.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'versions-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function install(version: string, entry: string): Promise<Version> {
  const manifest = { kind: 'palette-agent-release', version, entry, node: '>=20.19.0' } as const;
  return installRelease(dir, sha256(version), { manifest, files: new Map([[entry, Buffer.from(version)]]) });
}

describe('versions on disk', () => {
  it.each(['agent.mjs', 'lib/bin/agent.mjs'])(
    'stay while the launcher may start them, others but one go, with modules at %s',
    async (entry) => {
      const [previous, current] = [await install('0.1.0', entry), await install('0.2.0', entry)];
      await writeLauncherState(dir, { current, previous });
      const others: Version[] = [];
      for (const version of ['0.3.0', '0.4.0', '0.5.0']) others.push(await install(version, entry));
      expect([previous, current].map((version) => existsSync(version.entry))).toEqual([true, true]);
      // Of those that nobody starts one is kept, beside the new one.
      expect(others.filter((version) => existsSync(version.entry))).toHaveLength(2);
      expect(existsSync(others.at(-1)?.entry ?? '')).toBe(true);
    },
  );
});
