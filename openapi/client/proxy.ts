/** The way through an HTTP proxy, named by the environment as other programs have it (HTTPS_PROXY, NO_PROXY). */
import { request as httpRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';

/** How long a proxy may take to open the way, in milliseconds. */
const CONNECT_MS = 15_000;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that leads to `host` (name or name:port), when the environment names one. This machine itself is always
 * reached without. NO_PROXY lists names, with all that is below them, joined by commas; `*` stands for every name.
 *
 * @throws TypeError when the variable does not hold an http URL.
 */
export function proxyFor(host: string, env: Environment): URL | undefined {
  const text = env['HTTPS_PROXY'] ?? env['https_proxy'] ?? '';
  if (text === '') return undefined;
  const { hostname, port } = new URL(`https://${host}`);
  const name = hostname.replace(/^\[|\]$/g, '');
  if (name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))) return undefined;
  const excepted = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (excepted.some((entry) => entry !== '' && covers(entry, name, port || '443'))) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:') throw new TypeError('HTTPS_PROXY must be a URL such as http://proxy.example.com:3128');
  return url;
}

function covers(entry: string, name: string, port: string): boolean {
  if (entry === '*') return true;
  const [, pattern = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && isIP(entry) === 0 && onlyPort !== port) return false;
  const suffix = (isIP(entry) === 0 ? pattern : entry).replace(/^\*?\./, '');
  return name === suffix || (isIP(name) === 0 && name.endsWith(`.${suffix}`));
}

/** A way through the proxy that did not open; `code` reads as an unconnected socket's does: nothing was sent. */
class ProxyRefused extends Error {
  readonly code = 'ECONNREFUSED';
}

/** Opens a way to `host:port` through the proxy (CONNECT, RFC 9110 section 9.3.6) and calls `done` once. */
export function connectThrough(
  proxy: URL,
  { host, port }: { readonly host: string; readonly port: number },
  done: (outcome: Error | Socket) => void,
): void {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const asking = httpRequest({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? 80 : Number(proxy.port),
    method: 'CONNECT',
    path: authority,
    agent: false,
    timeout: CONNECT_MS,
    headers: {
      host: authority,
      ...(credentials === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
  });
  asking.once('error', (error) => {
    done(new ProxyRefused(`the proxy ${proxy.host} cannot be reached: ${error.message}`, { cause: error }));
  });
  asking.once('timeout', () => asking.destroy(new Error(`no answer within ${CONNECT_MS} ms`)));
  asking.once('connect', (answer, socket) => {
    socket.setTimeout(0);
    if (answer.statusCode === 200) {
      done(socket);
      return;
    }
    socket.destroy();
    done(new ProxyRefused(`the proxy ${proxy.host} refused the way to ${authority}: ${answer.statusCode}`));
  });
  asking.end();
}
