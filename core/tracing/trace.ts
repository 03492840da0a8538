/**
 * Spans, for whoever wants to see where time goes from `terraform apply` to the object in the cluster. Without a tracer
 * nothing is measured, and nothing is loaded: `start.ts` brings the library when an endpoint is configured.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  readonly attributes?: SpanAttributes;
  /** Default: `internal`. */
  readonly kind?: 'internal' | 'server' | 'client';
  /** W3C traceparent that the span belongs to, in place of the span that is open here. Anything else is no parent. */
  readonly parent?: string | undefined;
  /** Whether to begin a trace where there is none. Default: no, nothing is measured then. */
  readonly root?: boolean;
}

export interface Span {
  set(attributes: SpanAttributes): void;
  /** What went wrong in it: kept in one word, since messages are for those who may read them. */
  fail(error: unknown): void;
}

export interface OpenSpan extends Span {
  readonly traceparent: string;
  end(): void;
}

export interface Tracer {
  open(name: string, options: SpanOptions & { readonly parent: string | undefined }): OpenSpan;
}

const NO_SPAN: Span = { set: () => undefined, fail: () => undefined };
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

interface Tracing {
  readonly tracer: Tracer;
  readonly current: AsyncLocalStorage<OpenSpan>;
  /** What spans belong to that have no other parent. */
  readonly root: string | undefined;
}

// Of the process, as OpenTelemetry has it: what is traced is not a matter of who calls whom.
let tracing: Tracing | undefined;

/** Begins to measure. @returns what ends that */
export function installTracer(tracer: Tracer, root?: string): () => void {
  const installed: Tracing = { tracer, current: new AsyncLocalStorage(), root };
  tracing = installed;
  return () => {
    if (tracing === installed) tracing = undefined;
  };
}

export function isTraceparent(text: string | null | undefined): text is string {
  return typeof text === 'string' && TRACEPARENT.test(text);
}

/** Does `work` in a span of this name, which ends with it. What `work` throws is noted and thrown on. */
export async function traced<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  if (tracing === undefined) return work(NO_SPAN);
  const { tracer, current, root } = tracing;
  const parent = isTraceparent(options.parent) ? options.parent : (current.getStore()?.traceparent ?? root);
  if (parent === undefined && options.root !== true) return work(NO_SPAN);
  const span = tracer.open(name, { ...options, parent });
  try {
    return await current.run(span, async () => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

/** The span that is open here, in the form of W3C's header `traceparent`. */
export function currentTraceparent(): string | undefined {
  return tracing === undefined ? undefined : (tracing.current.getStore()?.traceparent ?? tracing.root);
}
