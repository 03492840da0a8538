/** Brings OpenTelemetry's library to life, when the environment names an endpoint. For main files. */
import type { Attributes, Span as OtelSpan } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

import type { Logger } from '../log.ts';
import { installTracer, isTraceparent, type OpenSpan, type Tracer } from './trace.ts';
import { wantsTracing, type TracingEnvironment } from './wants-tracing.ts';

export interface TracingOptions {
  /** Name of the service, unless OTEL_SERVICE_NAME says another. */
  readonly service: string;
  readonly version: string;
  readonly env: TracingEnvironment;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
  /** Name of a span for the life of the process, to which everything belongs that has no other parent. */
  readonly processSpan?: string;
  /** For a process whose spans come from another copy of `trace.ts` than this file's. */
  readonly install?: typeof installTracer;
}

export interface RunningTracing {
  /** Sends what waits, a few seconds at most. Never throws. */
  stop(): Promise<void>;
}

const STOP_MS = 3_000;

/**
 * Traces from now on, if the environment asks for it (OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT). The other variables of OpenTelemetry hold as they do elsewhere: headers,
 * certificates, samplers, resource attributes. TRACEPARENT names the span that all of this belongs to.
 */
export async function startTracing(options: TracingOptions): Promise<RunningTracing> {
  const { env, log, service, version, processSpan, install = installTracer } = options;
  if (!wantsTracing(env)) return { stop: async () => undefined };
  const [
    { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace },
    { BasicTracerProvider, BatchSpanProcessor },
    exporter,
    resources,
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (protocol === 'grpc')
    log.warn({ protocol }, 'traces are sent over HTTP: name the endpoint of your collector that takes OTLP over HTTP');
  const resource = resources
    .resourceFromAttributes({ 'service.name': service, 'service.version': version })
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(sayingFailures(new exporter.OTLPTraceExporter(), log))],
  });
  const otel = provider.getTracer('palette-iac', version);
  const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

  const wrap = (span: OtelSpan): OpenSpan => {
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      set: (attributes) => void span.setAttributes({ ...attributes } satisfies Attributes),
      fail: (error) => void span.setStatus({ code: SpanStatusCode.ERROR, message: wordFor(error) }),
      end: () => span.end(),
    };
  };
  const tracer: Tracer = {
    open: (name, { attributes = {}, kind = 'internal', parent }) => {
      const remote = parent === undefined ? undefined : spanContextOf(parent);
      const within = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
      return wrap(otel.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, within));
    },
  };
  const given = isTraceparent(env['TRACEPARENT']) ? env['TRACEPARENT'] : undefined;
  const life = processSpan === undefined ? undefined : tracer.open(processSpan, { parent: given });
  const uninstall = install(tracer, life?.traceparent ?? given);
  return {
    stop: async () => {
      uninstall();
      life?.end();
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), STOP_MS).unref());
      const sent = provider.shutdown().then(
        () => 'sent' as const,
        (error: unknown) => {
          log.debug({ err: error }, 'the last spans were not sent');
          return 'failed' as const;
        },
      );
      await Promise.race([sent, late]);
    },
  };
}

/** The library keeps failures to itself: the first one in a row is told, and the end of it. */
function sayingFailures(exporter: SpanExporter, log: TracingOptions['log']): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        // As the library counts: 0 is success.
        const failed = result.code !== 0;
        if (failed && !failing)
          log.warn(
            { err: result.error },
            'traces are not taken; check OTEL_EXPORTER_OTLP_ENDPOINT and what listens there',
          );
        if (!failed && failing) log.warn({}, 'traces are taken again');
        failing = failed;
        done(result);
      }),
    shutdown: async () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function spanContextOf(traceparent: string): {
  traceId: string;
  spanId: string;
  traceFlags: number;
  isRemote: boolean;
} {
  const [, traceId = '', spanId = '', flags = '0'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

/** The code or the class of an error: never its message. */
function wordFor(error: unknown): string {
  if (typeof error === 'object' && error !== null) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    if ('reason' in error && typeof error.reason === 'string') return error.reason.slice(0, 60);
    if ('name' in error && typeof error.name === 'string') return error.name;
  }
  return 'Error';
}
