/**
 * How the client library reaches its servers here: by a route, which knows several of them, WebSockets and proxies. The
 * library's own transport for Node knows TCP alone.
 */
import type { Duplex } from 'node:stream';

import type { ConnectionOptions, NatsConnection } from 'nats';
// The library's door for transports. Its package for Node does not open it, but publishes it beside; releases are pinned.
import { NatsConnectionImpl, setTransportFactory, type Transport } from 'nats/lib/nats-base-client/internal_mod.js';

import type { BusRoute } from './bus-route.ts';

/** The library chooses among servers; a route does that better, so the library is told of one only, of this name. */
const ANY_SERVER = 'bus.invalid:4222';

interface RoutedOptions extends ConnectionOptions {
  readonly route: BusRoute;
}

/** Connects by a route. @throws Error when no server is reached, or none takes the credentials */
export async function connectByRoute(
  options: Omit<ConnectionOptions, 'servers' | 'port' | 'tls'>,
  route: BusRoute,
): Promise<NatsConnection> {
  // One factory for the whole process, and each transport finds its route in the options of its connection.
  setTransportFactory({ factory: () => new RoutedTransport() });
  const routed: RoutedOptions = {
    ...options,
    servers: [ANY_SERVER],
    // What servers tell of each other may be out of reach from here, and was given by nobody who may.
    ignoreClusterUpdates: true,
    route,
  };
  return NatsConnectionImpl.connect(routed);
}

/** One connection from its dialling to its end; the library makes a new one for each try. */
class RoutedTransport implements Transport {
  readonly lang = 'nats.js';
  readonly version = '2';
  closeError?: Error;
  #stream: Duplex | undefined;
  #encrypted = false;
  #connected = false;
  #done = false;
  /** Frames that the library has not taken yet. */
  #frames: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  #onRefused: () => void = () => undefined;
  readonly #dialling = new AbortController();
  readonly #ended: Promise<void | Error>;
  #end: (error: void | Error) => void = () => undefined;

  constructor() {
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isClosed(): boolean {
    return this.#done;
  }

  async connect(_server: unknown, options: ConnectionOptions): Promise<void> {
    const { route } = options as RoutedOptions; // put there by connectByRoute, the only one who connects
    const { signal } = this.#dialling;
    const { server, stream, introduction, encrypted } = await route.open({ signal });
    if (signal.aborted) {
      stream.destroy();
      signal.throwIfAborted();
    }
    // The library reads it again.
    this.#frames.push(introduction);
    this.#encrypted = encrypted;
    this.#listen(stream);
    this.#connected = true;
    route.endpoints.worked(server);
    this.#onRefused = () => route.endpoints.failed(server);
  }

  #listen(stream: Duplex): void {
    this.#stream = stream;
    stream.on('data', (frame: Uint8Array) => {
      this.#frames.push(frame);
      this.#wake();
    });
    stream.on('error', (error) => {
      this.closeError ??= error;
    });
    stream.on('end', () => stream.destroy());
    stream.on('close', () => this.#finish());
    // It was paused after the introduction, and stays so for a listener alone.
    stream.resume();
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#wake();
    this.#end(this.closeError);
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) yield frame;
      else if (this.#done) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  isEncrypted(): boolean {
    return this.#encrypted;
  }

  send(frame: Uint8Array): void {
    // What cannot be written is noticed by its missing answer, or by the end of the stream.
    if (!this.#done) this.#stream?.write(frame);
  }

  async close(error?: Error): Promise<void> {
    this.#dialling.abort(error ?? new Error('the connection is closed'));
    if (!this.#connected || this.#done) return;
    if (error) this.closeError = error;
    // Reached, and then refused: another server may take the credentials.
    if (error) this.#onRefused();
    this.#stream?.destroy();
    this.#finish();
  }

  /** As the library's own: what is on its way out goes out first. */
  disconnect(): void {
    this.#dialling.abort(new Error('disconnected'));
    const stream = this.#stream;
    if (!stream || this.#done) return;
    stream.end(() => stream.destroy());
    this.#finish();
  }

  async closed(): Promise<void | Error> {
    return this.#ended;
  }

  discard(): void {
    this.#dialling.abort(new Error('another try took its place'));
  }
}
