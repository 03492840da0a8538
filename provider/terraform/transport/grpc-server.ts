import * as http2 from 'node:http2';

/** A call of gRPC with one message each way. */
export interface UnaryRoute {
  /** Answers an encoded request with an encoded response. A GrpcError that it throws is answered as such. */
  readonly handle: (request: Buffer) => Promise<Uint8Array>;
}

/** Finds the route of a path, `/package.Service/Method`. It may load code first. */
export type FindRoute = (path: string) => Promise<UnaryRoute | undefined>;

/** Status codes of gRPC that are used here. */
export const GRPC_STATUS = { ok: 0, unknown: 2, unimplemented: 12, internal: 13 } as const;

export class GrpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GrpcError';
    this.code = code;
  }
}

export interface GrpcServerOptions {
  readonly findRoute: FindRoute;
  /** TLS in both directions: the client has to show the certificate `clientCertificate`. Absent: plain. */
  readonly tls?:
    | { readonly certificate: string; readonly privateKey: string; readonly clientCertificate: string }
    | undefined;
  /** Called when a connection has ended. */
  readonly onSessionClosed?: () => void;
}

export interface GrpcServer {
  listen(path: string): Promise<void>;
  /** Stops listening, lets running calls end, and closes the connections. */
  close(): Promise<void>;
}

const MIB = 1 << 20;

/** States and configurations may be large; the default windows make a large one slow, and the default budget resets it. */
const LIMITS = {
  maxSessionMemory: 1_000_000,
  settings: { initialWindowSize: 4 * MIB, maxConcurrentStreams: 1000 },
} as const;

/**
 * A gRPC server for unary calls on a Unix socket, on Node's own HTTP/2: Terraform's protocol needs no more, and a gRPC
 * library costs a third of the whole start-up time.
 */
export function createGrpcServer({ findRoute, tls, onSessionClosed }: GrpcServerOptions): GrpcServer {
  const server =
    tls === undefined
      ? http2.createServer(LIMITS)
      : http2.createSecureServer({
          ...LIMITS,
          cert: tls.certificate,
          key: tls.privateKey,
          ca: tls.clientCertificate,
          requestCert: true,
          rejectUnauthorized: true,
          minVersion: 'TLSv1.2',
          ALPNProtocols: ['h2'],
        });
  const sessions = new Set<http2.ServerHttp2Session>();
  // A client that goes away in the middle is no failure of the provider.
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(16 * MIB);
    session.on('close', () => {
      sessions.delete(session);
      onSessionClosed?.();
    });
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    void answer(stream, findRoute, headers[':path'] ?? '');
  });
  return {
    async listen(path) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const session of sessions) session.close();
      await closed;
    },
  };
}

async function answer(stream: http2.ServerHttp2Stream, findRoute: FindRoute, path: string): Promise<void> {
  try {
    const [route, message] = await Promise.all([findRoute(path), readMessage(stream)]);
    if (route === undefined) return refuse(stream, GRPC_STATUS.unimplemented, `there is no ${path}`);
    const response = await route.handle(message);
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(GRPC_STATUS.ok) }));
    const head = Buffer.alloc(5); // a byte that says "not compressed", and the length
    head.writeUInt32BE(response.length, 1);
    stream.write(head);
    stream.end(response);
  } catch (error) {
    const code = error instanceof GrpcError ? error.code : GRPC_STATUS.internal;
    refuse(stream, code, error instanceof Error ? error.message : String(error));
  }
}

/** Answers with a status alone. */
function refuse(stream: http2.ServerHttp2Stream, code: number, message: string): void {
  if (stream.destroyed || stream.headersSent) return;
  const status = { 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
}

async function readMessage(stream: http2.ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // as: a stream without an encoding gives buffers
  const frame = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  if (frame.length < 5) throw new GrpcError(GRPC_STATUS.internal, 'the request has no message');
  if (frame[0] !== 0) throw new GrpcError(GRPC_STATUS.unimplemented, 'compressed messages are not supported');
  const length = frame.readUInt32BE(1);
  if (frame.length !== length + 5)
    throw new GrpcError(GRPC_STATUS.internal, `the request says ${length} bytes and has ${frame.length - 5}`);
  return frame.subarray(5);
}
