/** The function as a gRPC service. */
import {
  FunctionRunnerServiceService,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, status, type handleUnaryCall, type sendUnaryData } from '@grpc/grpc-js';

import type { Logger } from '#core/log';

import type { Handler } from './handler.ts';
import { readCredentials } from './tls.ts';

export interface FunctionServer {
  readonly port: number;
  /** Takes no new calls, and ends when those that run have ended or the time is over. */
  drain(limitMs: number): Promise<void>;
}

export interface FunctionServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absent: without TLS. */
  readonly tlsServerCertsDir: string | undefined;
  /** Between two looks at the certificates, in milliseconds. Default: a minute. */
  readonly refreshMs?: number;
  readonly handle: Handler;
  readonly log: Logger;
}

/** A composite and all that is composed of it; etcd keeps objects of 1.5 MB at most. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** @throws Error when a certificate is missing, or the address cannot be listened on */
export async function startFunctionServer(options: FunctionServerOptions): Promise<FunctionServer> {
  const { host, tlsServerCertsDir, refreshMs, handle, log } = options;
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_concurrent_streams': 1_000,
  });
  const answer = async (request: RunFunctionRequest, done: sendUnaryData<RunFunctionResponse>): Promise<void> => {
    try {
      done(null, await handle(request));
    } catch (error) {
      log.error({ err: error }, 'a call failed');
      done({ code: status.INTERNAL, details: 'the function failed; its log has the reason' });
    }
  };
  const runFunction: handleUnaryCall<RunFunctionRequest, RunFunctionResponse> = ({ request }, done) => {
    void answer(request, done);
  };
  server.addService(FunctionRunnerServiceService, { runFunction });
  const { credentials, release, mutual } =
    tlsServerCertsDir === undefined
      ? { credentials: ServerCredentials.createInsecure(), release: (): void => undefined, mutual: false }
      : await readCredentials(tlsServerCertsDir, refreshMs === undefined ? {} : { refreshMs });
  if (tlsServerCertsDir !== undefined && !mutual) {
    log.warn({ tlsServerCertsDir }, 'there is no ca.crt: whoever reaches the function may call it');
  }
  const address = host.includes(':') ? `[${host}]` : host;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${address}:${options.port}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  }).finally(release);
  return {
    port,
    drain: async (limitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          log.warn({ limitMs }, 'calls that still run are cut off');
          server.forceShutdown();
        }, limitMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
