/** A real OCI registry in memory, and charts, packs and signatures in it; with a doorkeeper in front when asked. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { ensureTool } from '#cli/toolchain/ensure-tool';
import { sha256, type Digest } from '#core/digest';

const run = promisify(execFile);
const BUILD_MS = 600_000;

export interface OciRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  stop(): Promise<void>;
}

export async function startOciRegistry(): Promise<OciRegistry> {
  const command = await ensureTool('ociregistry', { signal: AbortSignal.timeout(BUILD_MS) });
  const child = spawn(command, ['127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [host] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    host: String(host),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** Pushes chart archives with `helm push`. @param path where they go: `charts/team`. */
export async function pushCharts(host: string, path: string, files: readonly string[], home: string): Promise<void> {
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(BUILD_MS) });
  for (const file of files)
    await run(helm, ['push', file, `oci://${host}/${path}`, '--plain-http'], { env: { ...process.env, HOME: home } });
}

export interface Layer {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Pushes an artifact of layers under a tag, as `oras push` does. @returns the digest of its manifest. */
export async function pushArtifact(
  host: string,
  repository: string,
  tag: string,
  layers: readonly Layer[],
): Promise<Digest> {
  const base = `http://${host}/v2/${repository}`;
  const upload = async (bytes: Uint8Array): Promise<Digest> => {
    const digest = sha256(bytes);
    const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(begun.headers.get('location') ?? '', base);
    place.searchParams.set('digest', digest);
    const answer = await fetch(place, { method: 'PUT', body: Buffer.from(bytes) });
    if (answer.status !== 201) throw new Error(`the blob was not taken: ${answer.status}`);
    return digest;
  };
  const config = Buffer.from('{}');
  const described = [];
  for (const { mediaType, bytes, annotations } of layers)
    described.push({ mediaType, digest: await upload(bytes), size: bytes.length, annotations });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: await upload(config), size: config.length },
    layers: described,
  });
  const answer = await fetch(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
    body: manifest,
  });
  if (answer.status !== 201) throw new Error(`the manifest was not taken: ${answer.status}`);
  return sha256(manifest);
}

/** The digest of a manifest in the registry. */
export async function manifestDigest(host: string, repository: string, tag: string): Promise<Digest> {
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  return sha256(new Uint8Array(await answer.arrayBuffer()));
}

export interface Doorkeeper {
  readonly host: string;
  /** What it did, in order: `token`, `refused`, `passed`. */
  readonly log: string[];
  stop(): Promise<void>;
}

/** Stands before a registry and lets those in who log in, by Basic or by a token that it gives itself. */
export async function startDoorkeeper(
  behind: string,
  {
    username,
    password,
    kind,
  }: { readonly username: string; readonly password: string; readonly kind: 'basic' | 'bearer' },
): Promise<Doorkeeper> {
  const log: string[] = [];
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const tokens = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/token') {
      if (request.headers.authorization !== basic) {
        log.push('token refused');
        response.writeHead(401).end();
        return;
      }
      const token = `token-${tokens.size}`;
      tokens.set(token, url.searchParams.get('scope') ?? '');
      log.push(`token ${url.searchParams.get('scope')}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: 300 }));
      return;
    }
    const repository = /^\/v2\/(.*)\/(?:tags|manifests|blobs)\//.exec(url.pathname)?.[1];
    const scope = repository === undefined ? '' : `repository:${repository}:pull`;
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const known =
      kind === 'basic' ? request.headers.authorization === basic : tokens.get(token)?.includes(scope) === true;
    if (!known) {
      log.push('refused');
      const challenge =
        kind === 'basic'
          ? 'Basic realm="registry"'
          : `Bearer realm="http://${request.headers.host}/token",service="registry"${scope === '' ? '' : `,scope="${scope}"`}`;
      response.writeHead(401, { 'www-authenticate': challenge }).end('{"errors":[]}');
      return;
    }
    log.push('passed');
    const headers = { ...request.headers };
    delete headers.authorization;
    const passed = httpRequest(`http://${behind}${request.url}`, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    log,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
