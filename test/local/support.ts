/** A site whose agent has a local API, and somebody who calls it. */
import type { KeyObject } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

import type { AgentConfigInput } from '#agent/config';
import { asPage, type Page } from '#agent/local/page';
import { sha256 } from '#core/digest';
import { bundleSigner, writeBundle, type BundleManifest } from '#packs/bundle/index';
import { contentDigest, openPackArchive } from '#packs/index';
import type { SignedDesiredState } from '#protocol/signature';
import { z } from 'zod';

import { createSite, type RunningAgent, type TestCluster, type TestSite } from '../agent/support/harness.ts';

export interface LocalSite {
  readonly site: TestSite;
  readonly agent: RunningAgent;
  readonly port: number;
  readonly fingerprint: string;
  /** What the agent says of its first user. */
  initialPassword(): Promise<string>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PASSWORD = 'correct horse battery staple';

export async function startLocalSite(
  cluster: TestCluster,
  {
    local = {},
    invited = true,
    page = async () => asPage(Buffer.from('<!doctype html><title>page</title>')),
    auditDir,
    inPod = false,
  }: {
    readonly local?: NonNullable<AgentConfigInput['local']>;
    readonly invited?: boolean;
    readonly page?: () => Promise<Page>;
    readonly auditDir?: string;
    /** Without a folder of its own. */
    readonly inPod?: boolean;
  } = {},
): Promise<LocalSite> {
  const site = await createSite(cluster);
  if (invited) await site.invite();
  let told: (address: { readonly port: number; readonly fingerprint: string }) => void = () => undefined;
  const listening = new Promise<{ readonly port: number; readonly fingerprint: string }>((resolve) => {
    told = resolve;
  });
  const audit = auditDir === undefined ? {} : { audit: { ...local.audit, dir: auditDir } };
  const agent = await site.startAgent({
    config: { local: { port: 0, ...local, ...audit }, ...(inPod ? { stateDir: undefined } : {}) },
    onLocalApi: told,
    localPage: page,
  });
  const { port, fingerprint } = await listening;
  return {
    site,
    agent,
    port,
    fingerprint,
    initialPassword: async () => {
      const secret = await site.object({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: site.namespace,
        name: 'palette-agent-local-users',
      });
      const data = z.object({ data: z.record(z.string(), z.string()) }).parse(secret).data;
      return Buffer.from(data['initial-password'] ?? '', 'base64').toString('utf8');
    },
    stop: async () => site.stop(),
  };
}

/** One request; certificates are looked at by the tests that are about them. */
export async function call(port: number, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        rejectUnauthorized: false,
        agent: false,
        headers: {
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
          ...options.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) });
        });
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SessionAnswer = z.object({ Token: z.object({ Authorization: z.string().min(1) }) });

/** A signed bundle with a desired state and the packs that it needs. */
export async function bundleWith(
  signed: SignedDesiredState,
  archives: readonly Uint8Array[],
  about: { readonly clusterUid: string; readonly revision: number; readonly key: KeyObject },
): Promise<Buffer> {
  const state = Buffer.from(JSON.stringify(signed));
  const blobs = new Map([state, ...archives].map((bytes) => [sha256(bytes), bytes] as const));
  const packs = await Promise.all(
    archives.map(async (bytes) => {
      const pack = await openPackArchive(bytes);
      return {
        name: pack.name,
        version: pack.version,
        layer: 'addon',
        contentDigest: contentDigest(pack),
        blob: { digest: sha256(bytes), size: bytes.byteLength },
      };
    }),
  );
  const manifest: BundleManifest = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'Bundle',
    name: 'by hand',
    profiles: [],
    packs,
    desiredStates: [
      {
        clusterUid: about.clusterUid,
        clusterName: 'test',
        revision: about.revision,
        packs: packs.map(({ blob }) => blob.digest),
        blob: { digest: sha256(state), size: state.byteLength },
      },
    ],
    images: [],
  };
  const chunks: Uint8Array[] = [];
  const content = writeBundle(manifest, {
    blob: async (digest) => blobs.get(digest) ?? new Uint8Array(),
    sign: bundleSigner(about.key),
    signal: new AbortController().signal,
  });
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Signs in; gives the token. */
export async function signIn(port: number, userName: string, password: string): Promise<string> {
  const answer = await call(port, 'POST', '/v1/users/default/login', { body: { userName, password } });
  return SessionAnswer.parse(answer.json).Token.Authorization;
}

/** The first administrator, who has chosen a password by now. */
export async function signInFirst(site: LocalSite): Promise<string> {
  const initial = await site.initialPassword();
  const token = await signIn(site.port, 'admin', initial);
  const changed = await call(site.port, 'POST', '/v1/users/default/password/reset', {
    token,
    body: { currentPassword: initial, newPassword: PASSWORD },
  });
  if (changed.status !== 204) throw new Error(`password was not changed: ${changed.text}`);
  return token;
}
