/** Alerts by HTTP: to addresses that users choose, so never to this machine or a service of its cloud. */
import type { Environment } from '#core/network/proxy';
import { askBytes, createRegistryHttp } from '#plane/registry/http';
import { RegistryError, shownUrl } from '#plane/registry/registry-error';
import type { Resolve } from '#plane/registry/address-guard';

import type { ChannelRequest } from './channel.ts';
import { bodyOf, parsesAsJson, type AlertMessage } from './message.ts';
import type { DeliveryOutcome } from './outcome.ts';

export interface WebhookOptions {
  readonly allowLoopback: boolean;
  readonly env: Environment;
  readonly resolve?: Resolve;
  /** PEM certificates that are trusted in place of the system's. */
  readonly ca?: string | undefined;
}

export type SendWebhook = (
  request: ChannelRequest,
  alert: AlertMessage,
  options: { readonly signal: AbortSignal },
) => Promise<DeliveryOutcome>;

const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 64 * 1024;

export function createWebhook(options: WebhookOptions): { readonly send: SendWebhook; close(): void } {
  const http = createRegistryHttp({
    tls: { ca: options.ca ?? '', insecureSkipVerify: false, certificate: '', key: '' },
    allowLoopback: options.allowLoopback,
    env: options.env,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    silenceMs: 10_000,
    // Tries are the queue's to make.
    attempts: 1,
  });
  const send: SendWebhook = async (request, alert, { signal }) => {
    const url = new URL(request.url);
    const body = request.method === 'GET' ? undefined : bodyOf(request.body, alert);
    try {
      const { status } = await askBytes(http, {
        url,
        method: request.method,
        headers: {
          ...(body === undefined ? {} : contentType(request, body)),
          ...request.headers,
          'x-palette-alert': alert.uid,
        },
        ...(body === undefined ? {} : { body }),
        // Headers hold secrets that are meant for whoever was asked.
        stay: true,
        maxBytes: MAX_ANSWER,
        timeoutMs: TIMEOUT_MS,
        signal,
      });
      if (status >= 200 && status < 300) return { kind: 'sent', message: `${url.host} answered with status ${status}` };
      // It was understood and refused; only being busy or slow passes by itself.
      const final = status !== 408 && status !== 425;
      return { kind: 'failed', message: `${shownUrl(url)} answered with status ${status}`, final };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RegistryError)) throw error;
      // A name may lead elsewhere later, but to send again soon would not help.
      const final = error.code === 'RegistryAddressRefused' || error.code === 'RegistryCertificate';
      return { kind: 'failed', message: error.message, final };
    }
  };
  return { send, close: () => http.close() };
}

function contentType({ headers }: ChannelRequest, body: string): Record<string, string> {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) return {};
  return { 'content-type': parsesAsJson(body) ? 'application/json' : 'text/plain; charset=utf-8' };
}
