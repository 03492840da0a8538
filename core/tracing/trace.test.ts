import { afterEach, describe, expect, it } from '@jest/globals';

import { currentTraceparent, installTracer, isTraceparent, traced, type SpanAttributes, type Tracer } from './trace.ts';
import { wantsTracing } from './wants-tracing.ts';

interface Seen {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: SpanAttributes;
  failed?: unknown;
  ended: boolean;
}

const ROOT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
let uninstall: (() => void) | undefined;
afterEach(() => uninstall?.());

function install(root?: string): Seen[] {
  const seen: Seen[] = [];
  const tracer: Tracer = {
    open: (name, { parent, attributes = {} }) => {
      const span: Seen = { name, parent, attributes: { ...attributes }, ended: false };
      seen.push(span);
      return {
        traceparent: `00-${'a'.repeat(32)}-${String(seen.length).padStart(16, '0')}-01`,
        set: (more) => void Object.assign(span.attributes, more),
        fail: (error) => void (span.failed = error),
        end: () => void (span.ended = true),
      };
    },
  };
  uninstall = installTracer(tracer, root);
  return seen;
}

describe('a span', () => {
  it('is none without a tracer, and the work is done', async () => {
    expect(await traced('x', { root: true }, async () => currentTraceparent() ?? 'nothing')).toBe('nothing');
  });

  it('belongs to the one that it is opened in, also after waiting', async () => {
    const seen = install();
    await traced('outer', { root: true }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all([traced('left', {}, async () => undefined), traced('right', {}, async () => undefined)]);
    });
    expect(seen.map(({ name, parent, ended }) => [name, parent?.slice(36, 52), ended])).toEqual([
      ['outer', undefined, true],
      ['left', '0000000000000001', true],
      ['right', '0000000000000001', true],
    ]);
  });

  it('begins no trace unless it may', async () => {
    const seen = install();
    await traced('heal', {}, async () => undefined);
    expect(seen).toEqual([]);
  });

  it('belongs to what the header says, and to nothing that is no header', async () => {
    const seen = install();
    await traced('good', { parent: ROOT }, async () => undefined);
    await traced('bad', { parent: 'rubbish', root: true }, async () => undefined);
    expect(seen.map(({ name, parent }) => [name, parent])).toEqual([
      ['good', ROOT],
      ['bad', undefined],
    ]);
  });

  it('belongs to the process where there is nothing else', async () => {
    const seen = install(ROOT);
    await traced('x', {}, async () => undefined);
    expect(seen[0]?.parent).toBe(ROOT);
    expect(currentTraceparent()).toBe(ROOT);
  });

  it('notes a failure and throws it on', async () => {
    const seen = install();
    const failure = new Error('no');
    await expect(traced('x', { root: true }, async () => Promise.reject(failure))).rejects.toBe(failure);
    expect(seen[0]).toMatchObject({ failed: failure, ended: true });
  });
});

describe('what the environment says', () => {
  it.each([
    { name: 'nothing', env: {}, want: false },
    { name: 'an endpoint', env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' }, want: true },
    { name: 'an endpoint for traces', env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://x' }, want: true },
    {
      name: 'an endpoint and that it is off',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_SDK_DISABLED: 'true' },
      want: false,
    },
    {
      name: 'an endpoint for other things',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_TRACES_EXPORTER: 'none' },
      want: false,
    },
  ])('$name', ({ env, want }) => {
    expect(wantsTracing(env)).toBe(want);
  });

  it.each([
    { text: ROOT, want: true },
    { text: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, want: false },
    { text: `01-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, want: false },
    { text: '', want: false },
    { text: undefined, want: false },
  ])('traceparent $text', ({ text, want }) => {
    expect(isTraceparent(text)).toBe(want);
  });
});
