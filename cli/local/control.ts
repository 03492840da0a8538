/** How `palette service` talks to a running `palette up`: HTTP over a socket that only its owner can open. */
import { createServer, request } from 'node:http';
import { chmod, rm } from 'node:fs/promises';

import { z } from 'zod';

import { CliError } from '#cli/cli-error';
import { hasCode } from '#cli/has-code';

import type { Service } from './service.ts';

const SIGNALS = ['SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT', 'SIGINT'] as const;

export const ServiceAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('start') }),
  z.object({ action: z.literal('stop') }),
  /** SIGKILL ends it as a crash would; it is started again and waited for. */
  z.object({ action: z.literal('restart'), signal: z.enum(['SIGTERM', 'SIGKILL']).default('SIGTERM') }),
  z.object({ action: z.literal('kill'), signal: z.enum(SIGNALS) }),
]);
export type ServiceAction = z.infer<typeof ServiceAction>;

export const ServiceStatus = z.object({ name: z.string(), state: z.string(), pid: z.number().optional() });
export type ServiceStatus = z.infer<typeof ServiceStatus>;

const Answer = z.union([
  z.object({ error: z.string(), hint: z.string().optional() }),
  z.object({ services: z.array(ServiceStatus) }),
]);

/** An action may have to wait for a start, in milliseconds. */
const TIMEOUT_MS = 120_000;
const MAX_BODY_BYTES = 10_000;

/** Serves the socket until the signal ends it. */
export async function serveControl(
  socket: string,
  services: () => readonly Service[],
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  await rm(socket, { force: true }); // of a run that was killed: only one runs at a time
  const server = createServer((message, response) => {
    const answer = (status: number, body: z.input<typeof Answer>): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const list = (): ServiceStatus[] => services().map(statusOf);
    let text = '';
    message.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.length > MAX_BODY_BYTES) message.destroy();
    });
    message.on('end', () => {
      if (message.method === 'GET') {
        answer(200, { services: list() });
        return;
      }
      const name = decodeURIComponent((message.url ?? '').slice(1));
      act(services(), name, text, signal).then(
        () => answer(200, { services: list() }),
        (error: unknown) =>
          answer(400, {
            error: error instanceof Error ? error.message : String(error),
            ...(error instanceof CliError && error.hint !== undefined ? { hint: error.hint } : {}),
          }),
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await chmod(socket, 0o600);
  signal.addEventListener(
    'abort',
    () => {
      server.close();
      server.closeAllConnections();
    },
    { once: true },
  );
}

async function act(services: readonly Service[], name: string, text: string, signal: AbortSignal): Promise<void> {
  const service = services.find((one) => one.name === name);
  if (service === undefined) {
    throw new CliError(`there is no service ${JSON.stringify(name)}`, {
      hint: `There are: ${services.map((one) => one.name).join(', ')}.`,
    });
  }
  const action = ServiceAction.parse(JSON.parse(text));
  const wait = { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) };
  if (action.action === 'start') await service.start(wait);
  else if (action.action === 'stop') await service.stop();
  else if (action.action === 'restart') await service.restart(action.signal, wait);
  else service.kill(action.signal);
}

function statusOf(service: Service): ServiceStatus {
  const pid = service.pid();
  return { name: service.name, state: service.state().kind, ...(pid === undefined ? {} : { pid }) };
}

/** Asks a running `palette up` for its services, or to act on one. @throws CliError when none runs, or it refuses. */
export async function callControl(
  socket: string,
  call: { readonly kind: 'list' } | { readonly kind: 'act'; readonly service: string; readonly action: ServiceAction },
): Promise<ServiceStatus[]> {
  const text = await new Promise<string>((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: socket,
        path: call.kind === 'list' ? '/' : `/${encodeURIComponent(call.service)}`,
        method: call.kind === 'list' ? 'GET' : 'POST',
        timeout: TIMEOUT_MS,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.once('end', () => resolve(body)).once('error', reject);
      },
    );
    outgoing.once('timeout', () =>
      outgoing.destroy(new CliError(`palette up did not answer within ${TIMEOUT_MS / 1000} s`)),
    );
    outgoing.once('error', (error) => {
      const absent = hasCode(error, 'ENOENT', 'ECONNREFUSED');
      reject(
        absent
          ? new CliError('no environment runs here', {
              hint: 'Start one with `palette up`, or name its folder with --home.',
            })
          : error,
      );
    });
    outgoing.end(call.kind === 'act' ? JSON.stringify(call.action) : undefined);
  });
  const answer = Answer.parse(JSON.parse(text));
  if ('error' in answer) throw new CliError(answer.error, answer.hint === undefined ? {} : { hint: answer.hint });
  return answer.services;
}
