/** Calls of an agent's local API, whose certificate is mostly its own: known by its fingerprint, once seen. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';

import { z } from 'zod';

import type { LocalAnswer, OperationId } from '#agent/local/contract';
import { OPERATIONS } from '#agent/local/operations';
import { CliError } from '#cli/cli-error';
import { parseLoosely } from '#core/parse-loosely';

export interface LocalTarget {
  /** `https://host:port` */
  readonly url: string;
  /** SHA-256 of the certificate that is expected. */
  readonly fingerprint?: string | undefined;
  /** PEM bundle; the certificate is verified by it instead. */
  readonly ca?: string | undefined;
  readonly token?: string | undefined;
}

export interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface LocalClient {
  /** The answer's body. @throws CliError that says what the agent has against it */
  call<Op extends OperationId>(id: Op, input: CallInput): Promise<LocalAnswer<Op>['body']>;
  /** The answer as it comes. @throws CliError */
  open(
    id: OperationId,
    input: CallInput & { readonly file?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<IncomingMessage>;
}

const CONNECT_MS = 10_000;
const ANSWER_MS = 120_000;
const MAX_ANSWER = 64 * 1024 * 1024;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  details: z.array(z.string()).default([]),
  retryAfterSeconds: z.number().optional(),
});

export function localClient(target: LocalTarget): LocalClient {
  const open: LocalClient['open'] = async (id, { params = {}, query = {}, body, file, headers = {}, signal }) => {
    const { method, path } = OPERATIONS[id];
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const search = new URLSearchParams(query).toString();
    const socket = await connectTo(target, signal);
    const length = file === undefined ? undefined : (await stat(file)).size;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(
        {
          createConnection: () => socket,
          method,
          path: `${filled}${search === '' ? '' : `?${search}`}`,
          signal,
          headers: {
            host: new URL(target.url).host,
            ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(length === undefined ? {} : { 'content-type': 'application/octet-stream', 'content-length': length }),
            ...headers,
          },
        },
        resolve,
      );
      request.once('error', (cause) => reject(new CliError(`${target.url}: ${cause.message}`, { cause })));
      if (file === undefined) {
        request.setTimeout(ANSWER_MS, () => void request.destroy(new Error('no answer')));
        request.end(body === undefined ? undefined : JSON.stringify(body));
      } else {
        const content = createReadStream(file);
        content.once('error', (cause) => request.destroy(cause));
        content.pipe(request);
      }
    });
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw refusal(statusCode, await readText(response));
  };
  return {
    open,
    call: async (id, input) => {
      const text = await readText(await open(id, input));
      // The agent answers as the contract has it, of which the type is made.
      return (text === '' ? undefined : JSON.parse(text)) as LocalAnswer<typeof id>['body'];
    },
  };
}

/** SHA-256 of the certificate that a server shows. @throws CliError when it cannot be reached */
export async function fingerprintOf(url: string, { signal }: { readonly signal: AbortSignal }): Promise<string> {
  const socket = await handshake({ url }, signal);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** Whether nobody but this machine can stand between. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.test(hostOf(url));
}

export async function readCa(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file}: the authority's certificate cannot be read`, { cause });
  });
}

/** Nothing is sent before the other side is known to be the right one. */
async function connectTo(target: LocalTarget, signal: AbortSignal): Promise<TLSSocket> {
  const socket = await handshake(target, signal);
  if (target.ca !== undefined) return socket;
  const { fingerprint256 } = socket.getPeerCertificate();
  if (target.fingerprint !== undefined && sameFingerprint(fingerprint256, target.fingerprint)) return socket;
  socket.destroy();
  throw new CliError(`${target.url} shows another certificate than before: ${fingerprint256}`, {
    hint: 'The agent logs the fingerprint of its certificate when it starts. Sign in anew with `palette local login --fingerprint …` when it is the one.',
  });
}

async function handshake({ url, ca }: LocalTarget, signal: AbortSignal): Promise<TLSSocket> {
  const host = hostOf(url);
  const port = Number(new URL(url).port || 443);
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      host,
      port,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: ca !== undefined,
      ...(ca === undefined ? {} : { ca }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
    const onAbort = (): void => void socket.destroy(new Error('no answer'));
    limit.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', () => {
      limit.removeEventListener('abort', onAbort);
      resolve(socket);
    });
    socket.once('error', (cause) =>
      reject(
        new CliError(`${url} cannot be reached: ${cause.message}`, {
          cause,
          hint: 'Does the agent run with its local API? `palette local login --url …` names another one.',
        }),
      ),
    );
  });
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}

export function sameFingerprint(left: string, right: string): boolean {
  const plain = (text: string): string => text.replaceAll(/^sha256:|[:\s]/gi, '').toLowerCase();
  return plain(left) === plain(right);
}

function refusal(status: number, text: string): CliError {
  const parsed = ErrorBody.safeParse(parseLoosely(text));
  if (!parsed.success) return new CliError(`the agent answered ${status}`);
  const { code, message, details, retryAfterSeconds } = parsed.data;
  const again = retryAfterSeconds === undefined ? undefined : `Try again in ${inWords(retryAfterSeconds)}`;
  const hints: Readonly<Record<string, string>> = {
    ...(again === undefined
      ? {}
      : {
          [code]: `${again}.`,
          LockedOut: `${again}, or set a password in the cluster: \`palette local passwd --kubeconfig …\`.`,
        }),
    Unauthorized: 'Sign in with `palette local login`.',
    PasswordChangeRequired: 'Choose a password of your own with `palette local passwd`.',
  };
  const hint = hints[code];
  return new CliError([message, ...details].join('\n  '), hint === undefined ? {} : { hint });
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Without an encoding it yields buffers only.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new CliError('the answer is too long to be one');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
