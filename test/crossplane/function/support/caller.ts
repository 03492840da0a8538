/** Calls the function as Crossplane does, over gRPC. */
import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { ChannelCredentials, Client } from '@grpc/grpc-js';

export interface Caller {
  call(request: object, options?: { readonly timeoutMs?: number }): Promise<RunFunctionResponse>;
  close(): void;
}

export interface CallerTls {
  readonly ca: Buffer;
  readonly key?: Buffer;
  readonly cert?: Buffer;
}

export function createCaller(port: number, tls?: CallerTls): Caller {
  const credentials =
    tls === undefined
      ? ChannelCredentials.createInsecure()
      : ChannelCredentials.createSsl(tls.ca, tls.key ?? null, tls.cert ?? null);
  const client = new Client(`localhost:${port}`, credentials, { 'grpc.max_receive_message_length': 33_554_432 });
  const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
  return {
    call: async (request, { timeoutMs = 10_000 } = {}) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          RunFunctionRequest.fromJSON(request),
          { deadline: Date.now() + timeoutMs },
          (error, response) => (response === undefined ? reject(error ?? new Error('no answer')) : resolve(response)),
        );
      }),
    close: () => client.close(),
  };
}
