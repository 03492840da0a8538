/** The agent's way out as tests need it: with this trust, and no proxies unless they say so. */
import type { Network } from '#agent/channel/network';
import { dialTls } from '#core/network/dial';
import { proxyOf, type ProxySettings } from '#core/network/proxy';
import { createTrust } from '#core/network/trust';

export function testNetwork(ca: string, proxies: () => ProxySettings = () => ({})): Network {
  const { context } = createTrust(() => [ca]);
  return {
    proxies,
    context,
    connect: async (target, { signal }) =>
      dialTls(target, proxyOf(target, proxies()), { context, timeoutMs: 5_000, signal }),
  };
}
