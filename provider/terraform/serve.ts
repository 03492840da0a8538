import * as plugin from './generated/plugin.ts';
import { providerRoutes } from './provider.ts';
import type { ProviderOptions } from './session.ts';
import { createSelfSigned } from './transport/certificate.ts';
import { createGrpcServer, type UnaryRoute } from './transport/grpc-server.ts';
import { handshakeLine } from './transport/handshake.ts';
import { removeSocket, socketPath } from './transport/socket.ts';

export interface ServeOptions {
  readonly provider: ProviderOptions;
  /** PEM of the one certificate that the client will show. Absent: plain connections. */
  readonly clientCertificate?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Called when Terraform has gone, by its own word or by leaving. */
  readonly onEnd?: () => void;
  /** Called when a connection ends: whether Terraform still lives. Default: it does. */
  readonly isOrphaned?: () => boolean;
}

export interface Served {
  readonly path: string;
  /** What to print on standard output, so that Terraform finds the provider. */
  readonly handshake: string;
  /** Lets running calls end, then closes. */
  close(): Promise<void>;
}

/** Serves the provider on a Unix socket. */
export async function serve({ provider, clientCertificate, env, onEnd, isOrphaned }: ServeOptions): Promise<Served> {
  const { routes, session } = providerRoutes(provider);
  const self = clientCertificate === undefined ? undefined : createSelfSigned();
  const path = socketPath(env);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closing ??= server.close().finally(() => {
      removeSocket(path);
      session.connection = { kind: 'unconfigured' };
    });
    return closing;
  };
  const shutdown: UnaryRoute = {
    handle: async () => {
      session.stop.abort(new Error('Terraform ends the provider'));
      setImmediate(() => onEnd?.());
      return Promise.resolve(plugin.Empty.encode({}).finish());
    },
  };
  const server = createGrpcServer({
    routes: new Map([...routes, [`/${plugin.GRPCControllerDefinition.fullName}/Shutdown`, shutdown]]),
    tls:
      self === undefined || clientCertificate === undefined
        ? undefined
        : { certificate: self.certificate, privateKey: self.privateKey, clientCertificate },
    onSessionClosed: () => {
      if (isOrphaned?.() === true) onEnd?.();
    },
  });
  await server.listen(path);
  return { path, handshake: handshakeLine(path, self?.der), close };
}
