/**
 * How the client library reaches its servers here: by a route, which knows several of them, WebSockets and proxies. The
 * library's own transport for Node knows TCP alone.
 */
import type { Duplex } from 'node:stream';

import type { ConnectionOptions, NatsConnection } from 'nats';
// The library's door for transports. Its package for Node does not open it, but publishes it beside; releases are pinned.
import { NatsConnectionImpl, setTransportFactory, type Transport } from 'nats/lib/nats-base-client/internal_mod.js';
import { z } from 'zod';

import type { BusRoute, BusStream } from './bus-route.ts';

/** The library chooses among servers; a route does that better, so the library is told of one only, of this name. */
const ANY_SERVER = 'bus.invalid:4222';
/** The server introduces itself with one line, its certificates' names and addresses among it. */
const MOST_INFO_BYTES = 256 * 1024;

const ServerInfo = z.object({ tls_required: z.boolean().optional(), tls_available: z.boolean().optional() });

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
    const reached = await route.open({ signal });
    try {
      const stream = await this.#introduce(reached, signal);
      signal.throwIfAborted();
      this.#listen(stream);
      this.#connected = true;
      route.endpoints.worked(reached.server);
      this.#onRefused = () => route.endpoints.failed(reached.server);
    } catch (error) {
      route.endpoints.failed(reached.server);
      reached.stream.destroy();
      throw error;
    }
  }

  /** Hears the server's introduction, which the library reads again, and begins TLS where that comes after it. */
  async #introduce(reached: BusStream, signal: AbortSignal): Promise<Duplex> {
    const introduction = await readLine(reached.stream, signal);
    this.#frames.push(introduction);
    const text = introduction.toString('utf8');
    if (!text.startsWith('INFO ')) throw new Error(`${reached.server} is no bus server`);
    const info = ServerInfo.parse(JSON.parse(text.slice('INFO '.length)));
    if (reached.secure === undefined) {
      this.#encrypted = true;
      return reached.stream;
    }
    const offered = info.tls_required === true || info.tls_available === true;
    if (!offered && reached.tlsRequired) throw new Error(`${reached.server} offers no TLS, which is required`);
    if (!offered) return reached.stream;
    const stream = await reached.secure();
    this.#encrypted = true;
    return stream;
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

/** Reads up to the first line's end, and puts back what comes after it. @throws Error when the stream ends or is aborted before */
async function readLine(stream: Duplex, signal: AbortSignal): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    let read = Buffer.alloc(0);
    const settle = (act: () => void): void => {
      stream.off('data', take);
      stream.off('error', fail);
      stream.off('close', gone);
      signal.removeEventListener('abort', abort);
      stream.pause();
      act();
    };
    const take = (part: Buffer): void => {
      read = Buffer.concat([read, part]);
      const end = read.indexOf('\r\n');
      if (end !== -1)
        settle(() => {
          const rest = read.subarray(end + 2);
          if (rest.length > 0) stream.unshift(rest);
          resolve(read.subarray(0, end + 2));
        });
      else if (read.length > MOST_INFO_BYTES) fail(new Error('the bus server introduces itself with no line'));
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const gone = (): void => fail(new Error('the bus server closed the connection'));
    const abort = (): void => fail(signal.reason);
    stream.on('data', take);
    stream.once('error', fail);
    stream.once('close', gone);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
