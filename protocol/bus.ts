/** The message bus as plane and agent use it, whatever client library stands behind it. */

/** What the connection is doing; `refused` names what the server did not allow. */
export type BusStatus =
  | { readonly kind: 'connected'; readonly server: string }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'forbidden'; readonly operation: 'publish' | 'subscription'; readonly subject: string }
  | { readonly kind: 'closed' };

export type BusErrorCode =
  /** There is no connection now; nothing was sent. */
  | 'Disconnected'
  /** No answer in time; whether it arrived is not known. */
  | 'TimedOut'
  /** The credentials do not allow it. */
  | 'Forbidden'
  /** Nobody answers at that subject, or no stream takes it in. */
  | 'NoResponders'
  | 'Closed'
  | 'Failed';

/** A failed operation on the bus. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;
  constructor(code: BusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** The message as UTF-8. */
  text(): string;
  /** Answers a request; does nothing when none was asked for. */
  respond(data: Uint8Array | string): void;
}

/** A message taken from a work queue: exactly one of the three ends it. */
export interface WorkItem {
  readonly subject: string;
  readonly data: Uint8Array;
  /** How often it was delivered, this time included; 1 is the first. */
  readonly deliveries: number;
  text(): string;
  /** Done: never delivered again. */
  ack(): void;
  /** Not now: delivered again after `delayMs` milliseconds. */
  nak(delayMs: number): void;
  /** Never: it cannot be handled, and is dropped. */
  term(reason: string): void;
}

export interface WorkQueueOptions {
  readonly stream: string;
  readonly subjects: readonly string[];
  /** Shared by all who take from the queue. */
  readonly consumer: string;
  /** Window in which a message id is known as a duplicate, in milliseconds. */
  readonly dedupeMs: number;
  /** The stream's bound; the oldest go first beyond it. */
  readonly maxBytes: number;
  /** How long one may take until another gets it, in milliseconds. */
  readonly ackWaitMs: number;
  /** How many may be in work at once. */
  readonly maxInFlight: number;
  readonly signal: AbortSignal;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface Bus {
  connected(): boolean;
  /**
   * Core publish, at most once. @throws BusError `Disconnected` when there is no connection;
   * whether the server took it is known after `flush`.
   */
  publish(subject: string, data: Uint8Array | string): void;
  /** Waits until the server has taken everything published so far. @throws BusError */
  flush(options?: WaitOptions): Promise<void>;
  /**
   * Publish into the stream that covers the subject and wait for its acknowledgement. The same
   * `msgId` within the stream's window is stored once. Not retried here. @throws BusError
   */
  publishDurable(
    subject: string,
    data: Uint8Array | string,
    options: WaitOptions & { readonly msgId: string },
  ): Promise<{ readonly sequence: number; readonly duplicate: boolean }>;
  /**
   * Messages of a subject until the signal is aborted; survives reconnects, but what is sent
   * meanwhile is lost. Holds at most `bound` messages (default 1024), dropping the oldest.
   */
  subscribe(
    subject: string,
    options: { readonly signal: AbortSignal; readonly bound?: number },
  ): AsyncIterable<BusMessage>;
  /** One request, one answer. @throws BusError */
  request(subject: string, data: Uint8Array | string, options?: WaitOptions): Promise<BusMessage>;
  /** Makes the work queue when it is missing and takes from it until the signal is aborted. */
  work(options: WorkQueueOptions): AsyncIterable<WorkItem>;
  /** Sends what is under way, ends subscriptions and closes. Never throws. */
  drain(): Promise<void>;
}
