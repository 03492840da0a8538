/** A management plane of a few lines: the agent's REST API over HTTPS, documents signed for real. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { z } from 'zod';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { sha256 } from '#core/digest';
import type { Command } from '#protocol/command';
import type { DesiredState } from '#protocol/desired-state';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';
import { PreviewRequest, signPreview } from '#protocol/preview';
import { RegistrationRequest, type AgentCredentials, type BusAccess } from '#protocol/registration';
import { Heartbeat, Report } from '#protocol/report';
import {
  documentDigest,
  generateSigningKey,
  signDesiredState,
  trustedKey,
  type SignedDesiredState,
} from '#protocol/signature';

export interface FakePlane {
  readonly url: string;
  readonly ca: string;
  readonly clusterUid: ClusterUid;
  readonly reports: Report[];
  readonly heartbeats: Heartbeat[];
  readonly registrations: RegistrationRequest[];
  /** Requests answered, as `METHOD path`. */
  readonly requests: string[];
  readonly commands: Command[];
  /** A new one-time token. */
  token(): string;
  /** Signs and offers a document; gives its revision. */
  offer(change: Partial<DesiredState>): Promise<number>;
  /** Offers this envelope as it is. */
  offerRaw(envelope: SignedDesiredState): void;
  /** The document as it would be signed. */
  document(change: Partial<DesiredState>, revision: number): DesiredState;
  sign(document: DesiredState): Promise<SignedDesiredState>;
  /** Asks what a candidate would change; gives the id of the question. */
  ask(
    change: Partial<DesiredState>,
    about?: { readonly sensitive?: readonly string[]; readonly timeoutMs?: number },
  ): Promise<string>;
  /** What runs of actions brought, by `run/name`. */
  readonly artifacts: Map<string, Uint8Array>;
  /** The signed questions, by id. */
  readonly questions: Map<string, SignedDesiredState>;
  addPack(archive: Uint8Array): `sha256:${string}`;
  /** Answers other bytes under a digest. */
  replacePack(digest: string, archive: Uint8Array): void;
  /** What the agent identifies itself with now. */
  accessToken(): string | undefined;
  /** From now on the agent's credentials are not taken. */
  revoke(): void;
  /** Life of the credentials that are given out, in milliseconds. Default: an hour. */
  credentialsMs: number;
  /** How often agents ask without a bus, in seconds. Default: 1. */
  pollSeconds: number;
  /** Takes what an agent brings; a report that was taken before is known by its id. */
  take(brought: { readonly reports?: readonly Report[]; readonly heartbeat?: Heartbeat | undefined }): void;
  /** Gives access to a bus for an agent's key, when there is one. */
  bus: ((publicKey: string) => Promise<BusAccess>) | undefined;
  /** Called as a request comes and before its answer goes; `break` ends the connection there instead. */
  intercept: ((stage: 'arrived' | 'answered', route: string) => Promise<'go on' | 'break'>) | undefined;
  /** From now on the next so many answers are those of before: of an older document, of commands that were fetched. */
  repeat(times: number): void;
  /** Stops answering; `start` answers at the same address again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface PlaneState {
  tokens: Map<string, string | undefined>;
  accessToken: string | undefined;
  envelope: SignedDesiredState | undefined;
  revision: number;
  packs: Map<string, Uint8Array>;
  former: SignedDesiredState | undefined;
  repeats: number;
}

export async function createFakePlane(dir: string): Promise<FakePlane> {
  const authority = await ensureAuthority({ dir, name: 'plane-ca' });
  const pair = await ensureCertificate({
    dir,
    name: 'plane',
    authority,
    commonName: 'plane',
    names: ['localhost', '127.0.0.1'],
    usages: ['server'],
  });
  const [cert, key, ca] = await Promise.all(
    [pair.certFile, pair.keyFile, authority.certFile].map(async (file) => readFile(file, 'utf8')),
  );
  const signingKey = generateSigningKey();
  const state: PlaneState = {
    tokens: new Map(),
    accessToken: undefined,
    envelope: undefined,
    revision: 0,
    packs: new Map(),
    former: undefined,
    repeats: 0,
  };
  const clusterUid = ClusterUid.parse(randomHex(24));
  const known = new Set<string>();
  let server: Server | undefined;
  let port = 0;

  const credentials = async (publicKey: string): Promise<AgentCredentials> => ({
    clusterUid,
    clusterName: 'test',
    tenantUid: TenantUid.parse('a'.repeat(24)),
    projectUid: ProjectUid.parse('b'.repeat(24)),
    accessToken: state.accessToken ?? '',
    expiresAt: new Date(Date.now() + plane.credentialsMs).toISOString(),
    trustedKeys: [trustedKey(signingKey)],
    heartbeatSeconds: 1,
    pollSeconds: plane.pollSeconds,
    ...(plane.bus ? { bus: await plane.bus(publicKey) } : {}),
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'https://plane');
    const route = `${request.method} ${url.pathname}`;
    const artifact = /^PUT \/v1\/agents\/self\/actions\/([^/]+)\/artifacts\/([^/]+)$/.exec(route);
    const bytes = await buffer(request);
    const body: unknown = artifact || bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
    plane.requests.push(route);
    if ((await plane.intercept?.('arrived', route)) === 'break') {
      request.destroy();
      return;
    }
    const repeats = request.method === 'GET' && state.repeats > 0 && state.repeats--;
    const answer = async (status: number, content?: unknown, headers: Record<string, string> = {}): Promise<void> => {
      if ((await plane.intercept?.('answered', route)) === 'break') {
        request.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(content === undefined ? undefined : JSON.stringify(content));
    };
    if (route === 'POST /v1/agents/register') {
      const registration = RegistrationRequest.parse(body);
      const spentBy = state.tokens.get(registration.token);
      const known =
        state.tokens.has(registration.token) && (spentBy === undefined || spentBy === registration.busPublicKey);
      if (!known) {
        await answer(401, { code: 'InvalidRegistrationToken', message: 'the token is unknown or spent' });
        return;
      }
      state.tokens.set(registration.token, registration.busPublicKey);
      state.accessToken ??= randomHex(32);
      plane.registrations.push(registration);
      await answer(201, await credentials(registration.busPublicKey));
      return;
    }
    if (state.accessToken === undefined || request.headers.authorization !== `Bearer ${state.accessToken}`) {
      await answer(401, { code: 'AgentRevoked', message: 'the credentials are not known' });
      return;
    }
    if (artifact) {
      plane.artifacts.set(`${artifact[1]}/${artifact[2]}`, bytes);
      await answer(204);
    } else if (route === 'GET /v1/agents/self/desiredstate') {
      const envelope = repeats ? (state.former ?? state.envelope) : state.envelope;
      if (!envelope) await answer(404, { code: 'NoDesiredState', message: 'none yet' });
      else {
        const etag = `"${documentDigest(envelope)}"`;
        if (request.headers['if-none-match'] === etag) await answer(304);
        else await answer(200, envelope, { etag });
      }
    } else if (route === 'GET /v1/agents/self/commands') {
      const after = Number(url.searchParams.get('after'));
      const items = plane.commands.filter(({ cursor }) => repeats || cursor > after);
      await answer(200, { items: repeats ? items.flatMap((command) => [command, command]) : items });
    } else if (url.pathname.startsWith('/v1/agents/self/previews/')) {
      const question = plane.questions.get(url.pathname.split('/').at(-1) ?? '');
      if (question) await answer(200, question);
      else await answer(404, { code: 'ResourceNotFound', message: 'no such preview' });
    } else if (route === 'POST /v1/agents/self/reports') {
      plane.take(reportsOf(body));
      await answer(204);
    } else if (route === 'POST /v1/agents/self/credentials') {
      await answer(200, await credentials(z.object({ busPublicKey: z.string() }).parse(body).busPublicKey));
    } else if (url.pathname.startsWith('/v1/agents/self/packs/')) {
      const archive = state.packs.get(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''));
      if (!archive) await answer(403, { code: 'PackNotInDesiredState', message: 'no such pack in the desired state' });
      else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(archive);
    } else await answer(404, { code: 'NotFound', message: route });
  };

  const plane: FakePlane = {
    get url() {
      return `https://127.0.0.1:${port}`;
    },
    ca: ca ?? '',
    clusterUid,
    reports: [],
    heartbeats: [],
    registrations: [],
    requests: [],
    commands: [],
    questions: new Map(),
    artifacts: new Map(),
    credentialsMs: 3_600_000,
    pollSeconds: 1,
    bus: undefined,
    take: ({ reports = [], heartbeat }) => {
      for (const report of reports) {
        if (known.has(report.id)) continue;
        known.add(report.id);
        plane.reports.push(report);
      }
      if (heartbeat) plane.heartbeats.push(heartbeat);
    },
    intercept: undefined,
    repeat: (times) => {
      state.repeats = times;
    },
    token: () => {
      const token = randomHex(32);
      state.tokens.set(token, undefined);
      return token;
    },
    document: (change, revision) => ({
      apiVersion: 'palette-iac.dev/v1',
      kind: 'DesiredState',
      tenantUid: TenantUid.parse('a'.repeat(24)),
      projectUid: ProjectUid.parse('b'.repeat(24)),
      clusterUid,
      revision,
      issuedAt: new Date().toISOString(),
      lifecycle: 'active',
      policy: { drift: 'heal', resyncSeconds: 600 },
      context: { system: {}, macros: {}, variables: {}, packs: {} },
      layers: [],
      ...change,
    }),
    sign: async (document) => signDesiredState(document, signingKey),
    offer: async (change) => {
      state.revision++;
      state.former = state.envelope;
      state.envelope = await signDesiredState(plane.document(change, state.revision), signingKey);
      return state.revision;
    },
    offerRaw: (envelope) => {
      state.envelope = envelope;
    },
    ask: async (change, { sensitive = [], timeoutMs = 30_000 } = {}) => {
      const id = randomUUID();
      const expiresAt = new Date(Date.now() + timeoutMs).toISOString();
      const request = PreviewRequest.parse({
        apiVersion: 'palette-iac.dev/v1',
        kind: 'DesiredStatePreview',
        id,
        expiresAt,
        sensitive,
        candidate: plane.document(change, 1),
      });
      plane.questions.set(id, await signPreview(request, signingKey));
      const cursor = (plane.commands.at(-1)?.cursor ?? 0) + 1;
      plane.commands.push({ id, cursor, type: 'preview', issuedAt: new Date().toISOString(), expiresAt });
      return id;
    },
    addPack: (archive) => {
      const digest = sha256(archive);
      state.packs.set(digest, archive);
      return digest;
    },
    replacePack: (digest, archive) => void state.packs.set(digest, archive),
    accessToken: () => state.accessToken,
    revoke: () => {
      state.accessToken = undefined;
    },
    stop: async () => {
      const closing = server;
      server = undefined;
      closing?.closeAllConnections();
      await new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()));
    },
    start: async () => {
      const opening = createServer({ cert, key }, (request, response) => {
        handle(request, response).catch((error: unknown) => {
          response.writeHead(500).end(JSON.stringify({ code: 'Failed', message: String(error) }));
        });
      });
      await new Promise<void>((resolve) => opening.listen(port, '127.0.0.1', resolve));
      const address = opening.address();
      if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
      port = address.port;
      server = opening;
    },
  };
  await plane.start();
  return plane;
}

function reportsOf(body: unknown): { readonly reports: Report[]; readonly heartbeat?: Heartbeat | undefined } {
  return z.object({ reports: z.array(Report), heartbeat: Heartbeat.optional() }).parse(body);
}

function randomHex(length: number): string {
  return Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join('');
}
