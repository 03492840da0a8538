/** The function as a gRPC service. */
import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';

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
  readonly handle: Handler;
  readonly log: Logger;
}

/** A composite and all that is composed of it; etcd keeps objects of 1.5 MB at most. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** @throws Error when a certificate is missing, or the address cannot be listened on */
export async function startFunctionServer(options: FunctionServerOptions): Promise<FunctionServer> {
  const { host, tlsServerCertsDir, handle, log } = options;
  const credentials =
    tlsServerCertsDir === undefined ? ServerCredentials.createInsecure() : await readCredentials(tlsServerCertsDir);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_concurrent_streams': 1_000,
  });
  server.addService(FunctionRunnerServiceService, {
    runFunction: (
      call: { readonly request: Parameters<Handler>[0] },
      done: (error: unknown, value?: unknown) => void,
    ) => {
      handle(call.request).then(
        (response) => done(null, response),
        (error: unknown) => {
          log.error({ err: error }, 'a call failed');
          done({ code: status.INTERNAL, details: 'the function failed; its log has the reason' });
        },
      );
    },
  });
  const address = host.includes(':') ? `[${host}]` : host;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${address}:${options.port}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
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
