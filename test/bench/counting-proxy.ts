/** A way to an HTTPS server on which every request is counted. */
import { readFile } from 'node:fs/promises';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';

import type { Environment } from './environment.ts';

export interface CountedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

export interface CountingProxy {
  readonly host: string;
  readonly caFile: string;
  /** Requests since the last call. */
  take(): readonly CountedRequest[];
  /** When the last request came, in milliseconds of `performance.now()`. */
  readonly lastAt: number;
  stop(): Promise<void>;
}

export interface ProxyTarget {
  readonly host: string;
  readonly port: string;
  readonly ca: string | undefined;
  /** Who the proxy is to the server, whoever asked it. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Counts requests on their way to the plane; for a plain Palette API it hides what the plane offers beyond that. */
export async function startPlaneProxy(
  environment: Environment,
  folder: string,
  { plainPalette }: { readonly plainPalette: boolean },
): Promise<CountingProxy> {
  const [host = '', port = '443'] = environment.host.split(':');
  const target = { host, port, ca: await readFile(environment.caFile, 'utf8') };
  return startCountingProxy(
    target,
    folder,
    plainPalette ? { hiddenPaths: /^\/v1\/(bulk|events)/, hiddenHeaders: ['palette-capabilities'] } : {},
  );
}

export async function startCountingProxy(
  target: ProxyTarget,
  folder: string,
  {
    hiddenPaths,
    hiddenHeaders = [],
  }: { readonly hiddenPaths?: RegExp; readonly hiddenHeaders?: readonly string[] } = {},
): Promise<CountingProxy> {
  const authority = await ensureAuthority({ dir: folder, name: 'bench' });
  const server = await ensureCertificate({
    dir: folder,
    name: 'proxy',
    authority,
    commonName: 'bench proxy',
    names: ['localhost', '127.0.0.1'],
    usages: ['server'],
  });
  let counted: CountedRequest[] = [];
  let lastAt = performance.now();
  const proxy = createServer(
    { key: await readFile(server.keyFile), cert: await readFile(server.certFile) },
    (incoming, outgoing) => {
      const { method = '', url: path = '' } = incoming;
      counted.push({ method, path });
      lastAt = performance.now();
      if (hiddenPaths?.test(path) === true) {
        outgoing
          .writeHead(404, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code: 'NotFound', message: 'no such path', details: '', ref: '' }));
        return;
      }
      const headers = { ...incoming.headers, host: `${target.host}:${target.port}` };
      const forward = httpsRequest({ ...target, method, path, headers }, (answer) => {
        const told = { ...answer.headers };
        for (const name of hiddenHeaders) delete told[name];
        outgoing.writeHead(answer.statusCode ?? 502, told);
        answer.pipe(outgoing);
      });
      forward.on('error', () => outgoing.destroy());
      // A stream that nobody reads any more would stay open at the server.
      outgoing.on('close', () => forward.destroy());
      incoming.pipe(forward);
    },
  );
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port: listening } = proxy.address() as AddressInfo; // as: a TCP server has no other kind of address
  return {
    host: `localhost:${listening}`,
    caFile: authority.certFile,
    take: () => {
      const taken = counted;
      counted = [];
      return taken;
    },
    get lastAt() {
      return lastAt;
    },
    stop: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
