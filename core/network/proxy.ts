/** Which proxy leads to a target, by settings such as HTTPS_PROXY and NO_PROXY. */
import { isExcepted, isLoopback, type NetworkTarget } from './no-proxy.ts';

export interface ProxySettings {
  /** For TLS, which is all that an agent speaks with its plane: `http://`, `https://`, `socks5://` or `socks5h://`. */
  readonly httpsProxy?: string | undefined;
  /** What is reached without: names, suffixes, addresses, ranges, each with a port if wanted, joined by commas. */
  readonly noProxy?: string | undefined;
}

export interface Proxy {
  readonly kind: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS = { http: 80, https: 443, socks5: 1080 } as const;
const KINDS: Readonly<Record<string, Proxy['kind']>> = {
  'http:': 'http',
  'https:': 'https',
  'socks:': 'socks5',
  'socks5:': 'socks5',
  'socks5h:': 'socks5',
};

/** Settings by the variables that other programs read, upper case before lower case; ALL_PROXY where HTTPS_PROXY is not set. */
export function proxySettingsFromEnv(env: Environment): ProxySettings {
  const first = (...names: readonly string[]): string | undefined =>
    names.flatMap((name) => [env[name], env[name.toLowerCase()]]).find((value) => value !== undefined && value !== '');
  const httpsProxy = first('HTTPS_PROXY', 'ALL_PROXY');
  const noProxy = first('NO_PROXY');
  return {
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

/** Reads a proxy's URL. @throws TypeError that says what is wrong and shows no password. */
export function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url && KINDS[url.protocol];
  // A URL of a scheme that browsers do not know has its host all the same.
  if (!url || kind === undefined || url.hostname === '')
    throw new TypeError(
      `a proxy must be a URL such as http://proxy.example.com:3128 or socks5://proxy.example.com:1080; this one ${
        kind === undefined && url ? `has the scheme ${url.protocol}//` : 'is none'
      }`,
    );
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORTS[kind] : Number(url.port),
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

/** A password with a bare percent sign is taken as it is written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The proxy that the environment names for an https URL. @throws TypeError that names the variables */
export function proxyFromEnv({ hostname, port }: URL, env: Environment): Proxy | undefined {
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
  try {
    return proxyOf(target, proxySettingsFromEnv(env));
  } catch (error) {
    throw new TypeError(`HTTPS_PROXY or ALL_PROXY: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

/** The proxy that leads to the target; none for this machine itself and for what is excepted. @throws TypeError */
export function proxyOf(target: NetworkTarget, { httpsProxy, noProxy = '' }: ProxySettings): Proxy | undefined {
  if (httpsProxy === undefined || httpsProxy === '') return undefined;
  if (isLoopback(target.host) || isExcepted(target, noProxy)) return undefined;
  return parseProxy(httpsProxy);
}
