import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { generateKeyPair } from '#packs/signature/index';

import { openUpgrades, type Upgrades } from './upgrades.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'upgrades-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function withKeys(content: string | undefined): Promise<Upgrades> {
  const releaseKeyFile = join(dir, 'release.pub');
  if (content !== undefined) writeFileSync(releaseKeyFile, content);
  return openUpgrades(
    { kubeconfig: '/kubeconfig', namespace: 'palette-system', deployment: undefined, releaseKeyFile },
    // Nothing is asked of a cluster here.
    { client: {} as KubeClient, launcher: undefined, log: silentLogger },
  );
}

describe("the operator's own keys of releases", () => {
  it('are all that the file has, so that one can take over from another', async () => {
    const [one, other] = [await generateKeyPair(''), await generateKeyPair('')];
    const { releaseKeys } = await withKeys(`the first\n${one.publicKey}\nits successor\n${other.publicKey}`);
    expect(releaseKeys?.map((key) => key.trim())).toEqual([one.publicKey.trim(), other.publicKey.trim()]);
  });

  it.each([
    { name: 'is empty', content: '' },
    { name: 'holds no key', content: 'nothing of the kind' },
    { name: 'holds a damaged one', content: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n' },
  ])('keep the agent from starting when the file $name', async ({ content }) => {
    await expect(withKeys(content)).rejects.toThrow(/release\.pub: expected public keys in PEM/);
  });

  it('keep the agent from starting when the file is not there', async () => {
    rmSync(join(dir, 'release.pub'), { force: true });
    await expect(withKeys(undefined)).rejects.toThrow(/release\.pub: expected public keys in PEM.*ENOENT/);
  });
});
