/** A chart repository made by Helm itself, served over HTTP or HTTPS, that can misbehave. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ensureTool } from '#cli/toolchain/ensure-tool';

const run = promisify(execFile);
const BUILD_MS = 600_000;

export interface Chart {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly values?: string;
  readonly readme?: string;
}

/** Packages charts with `helm package` into a folder. @returns their files. */
export async function packageCharts(folder: string, charts: readonly Chart[]): Promise<string[]> {
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(BUILD_MS) });
  const sources = join(folder, '.sources');
  const directories: string[] = [];
  for (const { name, version, description = `The chart ${name}`, values = 'replicas: 1\n', readme } of charts) {
    const directory = join(sources, `${name}-${version}`, name);
    await mkdir(join(directory, 'templates'), { recursive: true });
    await writeFile(
      join(directory, 'Chart.yaml'),
      `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "1.0"\ndescription: ${JSON.stringify(description)}\n`,
    );
    await writeFile(join(directory, 'values.yaml'), values);
    await writeFile(
      join(directory, 'templates', 'map.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  namespace: {{ .Release.Namespace }}\ndata:\n  replicas: "{{ .Values.replicas }}"\n',
    );
    if (readme !== undefined) await writeFile(join(directory, 'README.md'), readme);
    directories.push(directory);
  }
  await run(helm, ['package', ...directories, '--destination', folder], { env: { ...process.env, HOME: folder } });
  await rm(sources, { recursive: true });
  return charts.map(({ name, version }) => join(folder, `${name}-${version}.tgz`));
}

/** Writes index.yaml with `helm repo index`. */
export async function indexCharts(folder: string, options: { readonly url?: string } = {}): Promise<void> {
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(BUILD_MS) });
  await run(helm, ['repo', 'index', folder, ...(options.url === undefined ? [] : ['--url', options.url])], {
    env: { ...process.env, HOME: folder },
  });
}

export interface FileServer {
  readonly url: string;
  readonly port: number;
  /** Paths in the order of their requests. */
  readonly requests: string[];
  /** Headers of the last request of each path. */
  readonly headers: Map<string, IncomingMessage['headers']>;
  /** Takes over requests; those it returns false for are answered from the folder. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  stop(): Promise<void>;
}

/** Serves a folder, with ETags. */
export async function serveFolder(
  folder: string,
  options: {
    readonly tls?: { readonly cert: string; readonly key: string };
    /** The header `Authorization` that must be sent. */
    readonly authorization?: string;
  } = {},
): Promise<FileServer> {
  const requests: string[] = [];
  const headers: FileServer['headers'] = new Map();
  const listener: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    requests.push(pathname);
    headers.set(pathname, request.headers);
    if (server.intercept(request, response)) return;
    if (options.authorization !== undefined && request.headers.authorization !== options.authorization) {
      response.writeHead(401).end();
      return;
    }
    readFile(join(folder, pathname)).then(
      (content) => {
        const etag = `"${createHash('sha256').update(content).digest('hex')}"`;
        if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
        else response.writeHead(200, { etag }).end(content);
      },
      () => response.writeHead(404).end(),
    );
  };
  const listening: Server = options.tls ? createHttpsServer(options.tls, listener) : createHttpServer(listener);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const server: FileServer = {
    url: `${options.tls ? 'https' : 'http'}://localhost:${port}`,
    port,
    requests,
    headers,
    intercept: () => false,
    stop: async () => {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
  return server;
}
