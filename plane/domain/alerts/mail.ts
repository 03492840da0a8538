/** Alerts by electronic mail. The one file that knows the mail library. */
import type { Transporter } from 'nodemailer';

import { subjectOf, textOf, type AlertMessage } from './message.ts';
import { MOST_DELIVERY_MS, type DeliveryOutcome } from './outcome.ts';

/** The mail server that takes a plane's mail. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` before anything is said, or `none`. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** PEM certificates that are trusted in place of the system's. */
  readonly ca?: string | undefined;
  readonly from: string;
}

export type SendMail = (
  to: readonly string[],
  alert: AlertMessage,
  options: { readonly signal: AbortSignal },
) => Promise<DeliveryOutcome>;

const TIMEOUT_MS = 15_000;
/** For everything: a server that says a little now and then is within the other limits for ever. */
const WHOLE_MS = 60_000;
/** Each recipient is a question of its own. */
const RECIPIENT_MS = 500;

/** Sends over one server; the library is loaded with the first mail. */
export function createMail(
  server: MailServer | undefined,
  { wholeMs = WHOLE_MS }: { readonly wholeMs?: number } = {},
): { readonly send: SendMail; close(): void } {
  let transport: Promise<Transporter> | undefined;
  const send: SendMail = async (to, alert, { signal }) => {
    if (!server)
      return {
        kind: 'failed',
        message: 'the plane has no mail server: set `alerts.smtp` in its configuration',
        final: true,
      };
    if (to.length === 0) return { kind: 'failed', message: 'there is nobody to write to', final: true };
    transport ??= openTransport(server);
    const open = await transport;
    signal.throwIfAborted();
    const limitMs = Math.min(wholeMs + (to.length - 1) * RECIPIENT_MS, MOST_DELIVERY_MS);
    let late = false;
    const limit = new AbortController();
    const stop = (): void => limit.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => {
      late = true;
      limit.abort();
    }, limitMs);
    try {
      // Each reads of the alert, not of the other readers.
      const sent: unknown = await open.sendMail({
        from: server.from,
        to: to.length === 1 ? to[0] : server.from,
        envelope: { from: server.from, to: [...to] },
        subject: subjectOf(alert),
        text: textOf(alert),
        messageId: `<${alert.uid}@palette-iac>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Palette-Alert': alert.uid },
        disableFileAccess: true,
        disableUrlAccess: true,
        // Ends the connection: what went on would arrive beside the next try.
        signal: limit.signal,
      });
      const refused = refusedOf(sent);
      return {
        kind: 'sent',
        message:
          refused.length === 0 ? `${server.host} took it` : `${server.host} took it, but not for ${refused.join(', ')}`,
      };
    } catch (error) {
      signal.throwIfAborted();
      if (late)
        return {
          kind: 'failed',
          message: `the mail server ${server.host}:${server.port} took more than ${limitMs / 1000} s`,
          final: false,
        };
      return failureOf(error, server);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  };
  return {
    send,
    close: () => {
      void transport?.then((open) => open.close());
    },
  };
}

async function openTransport({ host, port, security, user, password, ca }: MailServer): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    tls: ca === undefined ? {} : { ca },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function refusedOf(sent: unknown): string[] {
  if (typeof sent !== 'object' || sent === null || !('rejected' in sent) || !Array.isArray(sent.rejected)) return [];
  return sent.rejected.filter((one): one is string => typeof one === 'string');
}

/** What the server says of a mail is told; what the library was given is not. */
function failureOf(error: unknown, { host, port }: MailServer): DeliveryOutcome {
  const known: { readonly code?: unknown; readonly responseCode?: unknown; readonly response?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  const { responseCode } = known;
  const said = typeof known.response === 'string' ? known.response.replaceAll(/\s+/g, ' ').slice(0, 200) : undefined;
  const code = typeof known.code === 'string' ? known.code : 'unknown reason';
  return {
    kind: 'failed',
    message:
      said === undefined
        ? `the mail server ${host}:${port} does not take it (${code})`
        : `the mail server ${host}:${port} says: ${said}`,
    // Replies 5xx are for good, all others for now.
    final: typeof responseCode === 'number' && responseCode >= 500,
  };
}
