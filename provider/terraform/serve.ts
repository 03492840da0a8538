import { createSession, type ProviderOptions } from './session.ts';
import { createSelfSigned } from './transport/certificate.ts';
import { createGrpcServer, type FindRoute, type UnaryRoute } from './transport/grpc-server.ts';
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
  const session = createSession(provider);
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
      return Promise.resolve(new Uint8Array());
    },
  };
  const { encodedSchema } = provider;
  // Everything else is loaded with the first call that needs it: some processes are started for their schema alone.
  let routes: Promise<ReadonlyMap<string, UnaryRoute>> | undefined;
  const findRoute: FindRoute = async (path) => {
    if (path === '/plugin.GRPCController/Shutdown') return shutdown;
    if (path === '/tfplugin6.Provider/GetProviderSchema' && encodedSchema !== undefined) {
      return { handle: async () => Promise.resolve(encodedSchema()) };
    }
    routes ??= import('./provider.ts').then(({ providerRoutes }) => providerRoutes(session));
    return (await routes).get(path);
  };
  const server = createGrpcServer({
    findRoute,
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
