import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { type Row, duration, median, percentile } from './statistics.ts';

const RUNS = 15;

/** The value by which Terraform shows that it, and not a person, starts the provider (go-plugin's magic cookie). */
const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

const STARTER = {
  TF_PLUGIN_MAGIC_COOKIE: COOKIE,
  PLUGIN_PROTOCOL_VERSIONS: '6',
  PLUGIN_MIN_PORT: '10000',
  PLUGIN_MAX_PORT: '25000',
};
/** Nobody listens there; that is not found out before the handshake. */
const TRACED = { ...STARTER, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

/** From spawning the provider to its handshake line; next to it, the same with traces, and the time Node itself takes. */
export async function benchProviderStart(executable: string): Promise<Row[]> {
  const provider: number[] = [];
  const traced: number[] = [];
  const node: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    node.push(await timeOf([process.execPath, '-e', 'console.log(1)'], {}));
    provider.push(await timeOf([executable], STARTER));
    traced.push(await timeOf([executable], TRACED));
  }
  return [
    {
      bench: 'provider',
      measure: 'start to handshake, min / median',
      figure: `${duration(percentile(provider, 0))} / ${duration(median(provider))}`,
    },
    {
      bench: 'provider',
      measure: 'the same with traces, min / median',
      figure: `${duration(percentile(traced, 0))} / ${duration(median(traced))}`,
    },
    {
      bench: 'provider',
      measure: 'of which an empty node, min / median',
      figure: `${duration(percentile(node, 0))} / ${duration(median(node))}`,
    },
  ];
}

async function timeOf([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(createInterface({ input: child.stdout }), 'line');
  const took = performance.now() - started;
  child.kill('SIGKILL');
  await once(child, 'close');
  return took;
}
