/** What people do at a cluster whose plane may be away: bundles, variables, diagnostics; by the API and by `palette local`. */
import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';

import { runCommandLine } from '#cli/program';
import { sha256 } from '#core/digest';
import { mapAt } from '#kubernetes/object';
import { ContentDigest } from '#protocol/identifiers';
import type { DesiredState } from '#protocol/desired-state';
import { generateSigningKey, signDesiredState, type SignedDesiredState } from '#protocol/signature';

import {
  configMap,
  eventually,
  layer,
  openCluster,
  packWith,
  refTo,
  type TestCluster,
} from '../agent/support/harness.ts';
import {
  bundleWith,
  call,
  PASSWORD,
  signIn,
  signInFirst,
  startLocalSite,
  type Answer,
  type LocalSite,
} from './support.ts';

jest.setTimeout(120_000);

const HOST = '/v1/edge-mgmt/edgehosts/current';
const VARIABLES = '/v1/edge-mgmt/cluster/profiles/variables';
const bundleKey = generateKeyPairSync('ed25519');

let cluster: TestCluster;
let local: LocalSite;
let token: string;
let revision = 1;

beforeAll(async () => {
  cluster = await openCluster();
  const keyFile = join(cluster.dir, 'bundle.pub');
  await writeFile(keyFile, bundleKey.publicKey.export({ type: 'spki', format: 'pem' }));
  local = await startLocalSite(cluster, {
    auditDir: join(cluster.dir, 'audit'),
    local: { bundleKeyFiles: [keyFile], maxUploadBytes: 8 * 1024 * 1024 },
  });
  const { site } = local;
  await site.applied(
    await site.plane.offer({ layers: [layer('app', 10, configMap(site.namespace, 'kept', { color: 'blue' }))] }),
  );
  token = await signInFirst(local);
}, 20 * 60_000);
afterAll(async () => {
  await local.stop();
  await cluster.close();
});

const bundle = async (
  signed: SignedDesiredState,
  archives: readonly Uint8Array[],
  { clusterUid = String(local.site.plane.clusterUid), next = revision + 1, key = bundleKey.privateKey } = {},
): Promise<Buffer> => bundleWith(signed, archives, { clusterUid, revision: next, key });

async function bring(content: Uint8Array): Promise<Answer> {
  return call(local.port, 'POST', `${HOST}/actions/upload-content`, {
    token,
    raw: content,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

/** As a form, the way curl and browsers send one: the signature after the file. */
async function bringForm(content: Buffer, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const form = new FormData();
  form.append('uploadFile', new Blob([content]), 'shop.bundle');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const request = new Request('https://localhost/', { method: 'POST', body: form });
  return call(local.port, 'POST', `${HOST}/actions/upload-content`, {
    token,
    raw: new Uint8Array(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  });
}

const dataOf = async (name: string): Promise<unknown> =>
  mapAt(await local.site.object(refTo(configMap(local.site.namespace, name, {}))), 'data');

const handedOver = async (): Promise<readonly string[]> =>
  (await local.site.ownSecrets()).filter((name) => name === 'palette-agent-handover');

describe('a bundle that is brought', () => {
  it('is in force with its packs while the plane is away', async () => {
    const { site } = local;
    await site.plane.stop();
    const archive = await packWith(cluster, site.namespace, 'packed');
    const layers = [
      layer('app', 10, configMap(site.namespace, 'kept', { color: 'green' })),
      { ...layer('packed', 20), content: ContentDigest.parse(sha256(archive)) },
    ];
    const content = await bundle(await site.plane.sign(site.plane.document({ layers }, 2)), [archive]);
    const doubted = await bringForm(content, { signature: 'of something else' });
    expect(doubted).toMatchObject({ status: 422, json: { message: expect.stringContaining('not the one') } });
    expect(await handedOver()).toEqual([]);
    const answer = await bringForm(content);
    expect(answer).toMatchObject({
      status: 200,
      json: { state: 'taken', revision: 2, packs: 1, name: 'by hand', by: 'admin' },
    });
    revision = 2;
    await eventually('it is applied', async () => mapAt(await dataOf('packed'))['text'] === 'as packed' || undefined);
    await eventually('the other too', async () => mapAt(await dataOf('kept'))['color'] === 'green' || undefined);
    await site.plane.start();
  });

  it.each<{ name: string; status: number; message: RegExp; make: () => Promise<Uint8Array> }>([
    {
      name: 'is no bundle',
      status: 422,
      message: /not a readable bundle/,
      make: async () => Buffer.from('PK\u0003\u0004 something else'),
    },
    { name: 'is empty', status: 422, message: /./, make: async () => Buffer.alloc(0) },
    {
      name: 'is signed by a key that nobody trusts here',
      status: 422,
      message: /not signed with the key/,
      make: async () =>
        bundle(await local.site.plane.sign(local.site.plane.document({}, 3)), [], {
          key: generateKeyPairSync('ed25519').privateKey,
        }),
    },
    {
      name: 'holds a desired state that another plane signed',
      status: 422,
      message: /unknown key/,
      make: async () => bundle(await signDesiredState(local.site.plane.document({}, 3), generateSigningKey()), []),
    },
    {
      name: 'is for another cluster',
      status: 422,
      message: /no desired state for this cluster/,
      make: async () =>
        bundle(await local.site.plane.sign(local.site.plane.document({}, 3)), [], { clusterUid: 'f'.repeat(24) }),
    },
    {
      name: 'is older than what is in force',
      status: 422,
      message: /older revision/,
      make: async () => bundle(await local.site.plane.sign(local.site.plane.document({}, 1)), []),
    },
    {
      name: 'ends too early',
      status: 422,
      message: /./,
      make: async () => {
        const archive = await packWith(cluster, local.site.namespace, 'cut-off');
        const whole = await bundle(await local.site.plane.sign(local.site.plane.document({}, 3)), [archive]);
        return whole.subarray(0, whole.length - 40);
      },
    },
    {
      name: 'was changed on its way',
      status: 422,
      message: /./,
      make: async () => {
        const whole = await bundle(await local.site.plane.sign(local.site.plane.document({}, 3)), []);
        const changed = Buffer.from(whole);
        const at = Math.floor(whole.length / 2);
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        return changed;
      },
    },
    {
      name: 'is larger than allowed',
      status: 413,
      message: /larger than/,
      make: async () => Buffer.alloc(8 * 1024 * 1024 + 1),
    },
  ])('is refused when it $name, and changes nothing', async ({ status, message, make }) => {
    const answer = await bring(await make());
    expect(answer.status).toBe(status);
    expect(z.object({ message: z.string() }).parse(answer.json).message).toMatch(message);
    expect(await handedOver()).toEqual([]);
    const { json } = await call(local.port, 'GET', '/v1/edge-mgmt/cluster', { token });
    expect(json).toMatchObject({ revision });
  });

  it('is told of in the list of bundles, in events and in the audit log', async () => {
    const listed = await call(local.port, 'GET', `${HOST}/uploaded-content/details`, { token });
    const { items } = z
      .object({ items: z.array(z.object({ state: z.string(), name: z.string() })) })
      .parse(listed.json);
    expect(items.filter(({ state }) => state === 'taken')).toHaveLength(1);
    expect(items.filter(({ state }) => state === 'refused').length).toBeGreaterThanOrEqual(7);
    const audits = await call(local.port, 'GET', `${HOST}/audits?resourceKind=content&limit=50`, { token });
    expect(audits.json).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ action: 'bundle taken', actor: 'admin' })]),
    });
  });
});

/** A pack whose object shows what variables stand for. */
function varied(): Partial<DesiredState> {
  const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: varied, namespace: ${local.site.namespace} }
data:
  color: "{{ .spectro.var.color }}"
  secret: "{{ .spectro.var.secret }}"
`;
  return {
    context: { system: {}, macros: {}, variables: { color: 'blue', secret: 'from the plane', site: '' }, packs: {} },
    localVariables: [
      { name: 'color', inputType: 'dropdown', options: [{ value: 'blue' }, { value: 'red' }] },
      { name: 'secret', isSensitive: true },
      { name: 'site', immutable: true },
    ],
    sensitive: ['secret'],
    layers: [{ ...layer('varied', 10), manifests: [{ name: 'varied', content: manifest }] }],
  };
}

/** Offers it under a revision that is newer than what was brought by hand. */
async function offerVaried(): Promise<void> {
  let next = 0;
  while (next <= revision) next = await local.site.plane.offer(varied());
  revision = next;
  await local.site.applied(revision);
}

describe('variables that are left to the cluster', () => {
  it('are set here, over the plane’s, and stay over new revisions', async () => {
    await offerVaried();
    expect(await dataOf('varied')).toMatchObject({ color: 'blue', secret: 'from the plane' });

    const refused = await call(local.port, 'PUT', VARIABLES, {
      token,
      body: { values: { color: 'green', site: 'a' } },
    });
    expect(refused).toMatchObject({
      status: 422,
      json: { details: [expect.stringContaining('color: expected one of')] },
    });
    const set = await call(local.port, 'PUT', VARIABLES, {
      token,
      body: { values: { color: 'red', secret: 'canary-7f', site: 'a' } },
    });
    expect(set.status).toBe(200);
    expect(set.text).not.toContain('canary-7f');
    await eventually('it is applied', async () => mapAt(await dataOf('varied'))['color'] === 'red' || undefined);
    expect(await dataOf('varied')).toMatchObject({ secret: 'canary-7f' });

    await offerVaried();
    expect(await dataOf('varied')).toMatchObject({ color: 'red', secret: 'canary-7f' });
    const again = await call(local.port, 'PUT', VARIABLES, { token, body: { values: { site: 'b' } } });
    expect(again).toMatchObject({ status: 422, json: { details: [expect.stringContaining('cannot be changed')] } });

    const back = await call(local.port, 'PUT', VARIABLES, { token, body: { values: { color: null } } });
    expect(back.status).toBe(200);
    await eventually(
      'it is the plane’s again',
      async () => mapAt(await dataOf('varied'))['color'] === 'blue' || undefined,
    );
  });

  it('show no secret, wherever one looks', async () => {
    const { site } = local;
    await site.edit(refTo(configMap(site.namespace, 'varied', {})), { data: { secret: 'tampered' } });
    await eventually('it is healed', async () => mapAt(await dataOf('varied'))['secret'] === 'canary-7f' || undefined);
    await call(local.port, 'POST', `${HOST}/generate-logs`, { token });
    await eventually('it is made', async () => {
      const { json } = await call(local.port, 'GET', `${HOST}/generate-logs-status`, { token });
      return z.object({ state: z.literal('ready') }).safeParse(json).success || undefined;
    });
    for (const path of [
      VARIABLES,
      '/v1/edge-mgmt/cluster/drift',
      '/v1/edge-mgmt/cluster/events',
      `${HOST}/audits`,
      `${HOST}/error-logs`,
      `${HOST}/download-logs`,
    ]) {
      const answer = await call(local.port, 'GET', path, { token });
      expect(answer.status).toBe(200);
      expect({ path, found: answer.text.includes('canary-7f') }).toEqual({ path, found: false });
    }
    expect(JSON.stringify(site.plane.reports)).not.toContain('canary-7f');
    for (const name of await readdir(join(cluster.dir, 'audit')))
      expect(await readFile(join(cluster.dir, 'audit', name), 'utf8')).not.toContain('canary-7f');
  });
});

describe('palette local', () => {
  const out: string[] = [];
  async function palette(args: readonly string[], stdin = ''): Promise<number> {
    out.length = 0;
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out.push(String(text));
      return true;
    });
    const tell = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      out.push(String(text));
      return true;
    });
    const before = Object.getOwnPropertyDescriptor(process, 'stdin');
    Object.defineProperty(process, 'stdin', { value: Readable.from([stdin]), configurable: true });
    try {
      return await runCommandLine(['local', ...args, '--home', join(cluster.dir, 'home')]);
    } finally {
      if (before) Object.defineProperty(process, 'stdin', before);
      write.mockRestore();
      tell.mockRestore();
    }
  }

  it('signs in, shows what there is, and signs out', async () => {
    const url = `https://127.0.0.1:${local.port}`;
    expect(await palette(['status'])).toBe(1);
    expect(out.join('')).toContain('palette local login');
    expect(await palette(['login', '--url', url, '--password-stdin'], 'wrong\n')).toBe(1);
    expect(out.join('')).toContain('wrong user name or password');
    expect(await palette(['login', '--url', url, '--password-stdin', '--fingerprint', 'AB:CD'], `${PASSWORD}\n`)).toBe(
      1,
    );
    expect(out.join('')).toContain(local.fingerprint);
    expect(
      await palette(['login', '--url', url, '--password-stdin', '--fingerprint', local.fingerprint], `${PASSWORD}\n`),
    ).toBe(0);
    expect(await palette(['status'])).toBe(0);
    expect(out.join('')).toMatch(/health +healthy/);
    expect(await palette(['packs', '--output', 'json'])).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject([{ name: 'varied', condition: 'Ready' }]);
    expect(await palette(['nodes'])).toBe(0);
    expect(out.join('')).toContain('node-0');
    expect(await palette(['drift'])).toBe(0);
    expect(out.join('')).toMatch(/ConfigMap .*varied modified by somebody: healed/);
    expect(await palette(['events', '--limit', '3'])).toBe(0);
    expect(out.join('').trim().split('\n')).toHaveLength(3);
    expect(await palette(['logs'])).toBe(0);
    expect(await palette(['actions'])).toBe(0);
    expect(out.join('')).toContain('there were none');
    expect(await palette(['audit'])).toBe(0);
    expect(out.join('')).toContain('signed in');
  });

  it('sets variables, uploads bundles and fetches diagnostics', async () => {
    const { site } = local;
    expect(await palette(['variables', 'color=green'])).toBe(1);
    expect(out.join('')).toContain('expected one of');
    expect(await palette(['variables', 'color=red'])).toBe(0);
    expect(out.join('')).toMatch(/color +red +local/);
    expect(await palette(['variables', '--unset', 'color'])).toBe(0);
    expect(out.join('')).toMatch(/color +blue +plane/);

    const next = revision + 1;
    const file = join(cluster.dir, 'shop.bundle');
    const layers = [layer('app', 10, configMap(site.namespace, 'kept', { color: 'white' }))];
    await writeFile(file, await bundle(await site.plane.sign(site.plane.document({ layers }, next)), [], { next }));
    expect(await palette(['upload', file])).toBe(0);
    revision = next;
    expect(out.join('')).toContain(`revision ${next} is in force`);
    expect(await palette(['upload', file.replace('shop', 'nothing')])).toBe(2);

    const target = join(cluster.dir, 'diagnostics.tgz');
    expect(await palette(['diagnostics', '--out', target])).toBe(0);
    expect((await readFile(target)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(await palette(['resync'])).toBe(0);
    const log = join(cluster.dir, 'audit-copy.log');
    expect(await palette(['audit', '--out', log])).toBe(0);
    expect((await readFile(log, 'utf8')).split('\n')[0]).toMatch(/^<110>1 \S+ \S+ palette-agent \d+ audit - \{/);
  });

  it('adds users who only look, and resets a password in the cluster itself', async () => {
    expect(await palette(['user', 'add', 'night-shift', '--password-stdin'], 'first password\n')).toBe(0);
    expect(await palette(['user', 'list'])).toBe(0);
    expect(out.join('')).toMatch(/night-shift +viewer +to be changed/);
    const reset = [
      'passwd',
      '--kubeconfig',
      cluster.kubeconfig,
      '--namespace',
      local.site.namespace,
      '--user',
      'night-shift',
    ];
    expect(await palette([...reset, '--password-stdin'], 'short\n')).toBe(1);
    expect(await palette([...reset, '--password-stdin'], 'an entirely new password\n')).toBe(0);
    expect(
      await palette(
        ['login', '-u', 'night-shift', '--url', `https://127.0.0.1:${local.port}`, '--password-stdin'],
        'an entirely new password\n',
      ),
    ).toBe(0);
    expect(await palette(['status'])).toBe(0);
    expect(await palette(['resync'])).toBe(1);
    expect(out.join('')).toContain('only administrators');
    const guess = ['login', '-u', 'nobody', '--url', `https://127.0.0.1:${local.port}`, '--password-stdin'];
    // On a slow machine a wait may be over before the next try; the lock is not.
    for (let count = 0; count < 6; count++) expect(await palette(guess, 'wrong\n')).toBe(1);
    expect(out.join('')).toMatch(/Try again in (\d s\.|15 min, or set a password in the cluster)/);
    expect(await palette(['logout'])).toBe(0);
    expect(await palette(['status'])).toBe(1);
  });
});

describe('an agent that starts anew', () => {
  it('has what was set here in force, the same certificate, and what happened while the plane was away', async () => {
    const { site } = local;
    const drifts = async (port: number, who: string): Promise<Answer> =>
      call(port, 'GET', '/v1/edge-mgmt/cluster/drift', { token: who });
    await offerVaried();
    await site.plane.stop();
    await site.edit(refTo(configMap(site.namespace, 'varied', {})), { data: { color: 'while away' } });
    await eventually(
      'it is seen',
      async () => (await drifts(local.port, token)).text.includes('while away') || undefined,
    );
    await local.agent.stop();
    await site.edit(refTo(configMap(site.namespace, 'varied', {})), { data: { secret: 'tampered' } });
    const listening = new Promise<{ readonly port: number; readonly fingerprint: string }>((resolve) => {
      void site.startAgent({ config: { local: { port: 0 } }, onLocalApi: resolve });
    });
    await eventually('it is healed', async () => mapAt(await dataOf('varied'))['secret'] === 'canary-7f' || undefined);
    const { port, fingerprint } = await listening;
    expect(fingerprint).toBe(local.fingerprint);
    expect(await drifts(port, token)).toMatchObject({ status: 401 });
    const { text } = await drifts(port, await signIn(port, 'admin', PASSWORD));
    expect(text).toContain('while away');
    await site.plane.start();
  });
});
