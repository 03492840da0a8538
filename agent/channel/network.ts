/** How the agent gets out of its cluster: proxies, and whom it trusts. For the API, packs and the bus alike. */
import { readFile } from 'node:fs/promises';
import type { SecureContext, TLSSocket } from 'node:tls';

import { dialTls } from '#core/network/dial';
import type { NetworkTarget } from '#core/network/no-proxy';
import { parseProxy, proxyOf, proxySettingsFromEnv, type ProxySettings } from '#core/network/proxy';
import { certificatesOf, createTrust } from '#core/network/trust';
import type { Logger } from '#core/log';

import type { Bootstrap } from '../identity/identity.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the import manifest says about the way out; what it leaves out, the environment says. */
export type NetworkSettings = Pick<Bootstrap, 'planeUrl' | 'ca' | 'proxy'>;

export interface Network {
  readonly proxies: () => ProxySettings;
  readonly context: () => SecureContext;
  /** Opens a connection with TLS. @throws DialError, or the signal's reason */
  connect(target: NetworkTarget, options: { readonly signal: AbortSignal }): Promise<TLSSocket>;
}

export interface NetworkOptions {
  /** As they are now: they may change while the agent runs. */
  readonly settings: () => NetworkSettings;
  /** PEM bundles besides, for example of the bus. */
  readonly bundles?: () => readonly (string | undefined)[];
}

export type OpenNetwork = (options: NetworkOptions) => Network;

const CONNECT_MS = 10_000;
/** Files of further authorities, as Node and OpenSSL name them. */
const CA_VARIABLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

/**
 * Reads what the environment says once.
 *
 * @param planeCaFile PEM bundle in place of the one that the import manifest brought
 * @throws Error when that file cannot be read or holds no certificate
 */
export async function agentNetworks(options: {
  readonly planeCaFile: string | undefined;
  readonly env: Environment;
  readonly log: Logger;
}): Promise<OpenNetwork> {
  const { planeCaFile, env, log } = options;
  const named = planeCaFile === undefined ? undefined : await readFile(planeCaFile, 'utf8');
  if (named !== undefined) certificatesOf(named);
  const surrounding = await bundlesOf(env, log);
  const fromEnv = checkedProxy(proxySettingsFromEnv(env), 'the environment', log);
  /** What is wrong in the Secret is said once, and does not keep the agent from its plane. */
  const faults = new Set<string>();
  const usable = (bundle: string): boolean => {
    try {
      certificatesOf(bundle);
      return true;
    } catch (error) {
      if (!faults.has(bundle)) log.error({ err: error }, 'a CA bundle is left out');
      faults.add(bundle);
      return false;
    }
  };

  return ({ settings, bundles = () => [] }) => {
    let checked: { readonly of: Bootstrap['proxy']; readonly proxies: ProxySettings } | undefined;
    const proxies = (): ProxySettings => {
      const { proxy } = settings();
      if (!proxy) return fromEnv;
      const { httpsProxy, noProxy } = proxy;
      if (checked?.of !== proxy)
        checked = { of: proxy, proxies: checkedProxy({ httpsProxy, noProxy }, 'the bootstrap secret', log) };
      return checked.proxies;
    };
    const trust = createTrust(() => {
      const { ca, proxy } = settings();
      const given = [named ?? ca, proxy?.ca, ...bundles()].flatMap((bundle) => (bundle ? [bundle] : []));
      return [...given.filter(usable), ...surrounding];
    });
    return {
      proxies,
      context: trust.context,
      connect: async (target, { signal }) =>
        dialTls(target, proxyOf(target, proxies()), { context: trust.context, timeoutMs: CONNECT_MS, signal }),
    };
  };
}

/** A proxy that cannot be read is left out: perhaps there is a way without. */
function checkedProxy(settings: ProxySettings, where: string, log: Logger): ProxySettings {
  if (!settings.httpsProxy) return settings;
  try {
    parseProxy(settings.httpsProxy);
    return settings;
  } catch (error) {
    log.error({ err: error, where }, 'the proxy is left out');
    return {};
  }
}

async function bundlesOf(env: Environment, log: Logger): Promise<readonly string[]> {
  const files = [...new Set(CA_VARIABLES.flatMap((name) => env[name] || []))];
  const read = files.map(async (file) => {
    try {
      const bundle = await readFile(file, 'utf8');
      certificatesOf(bundle);
      return [bundle];
    } catch (error) {
      log.error({ err: error, file }, 'a CA bundle that the environment names is left out');
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}
