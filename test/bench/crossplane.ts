/** The parts for Crossplane, as the processes that they are, against a real API server and a real plane. */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { benchController } from './crossplane-controller.ts';
import { benchFunction } from './crossplane-function.ts';
import type { Environment } from './environment.ts';
import type { Row } from './statistics.ts';

export async function benchCrossplane(environment: Environment): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'palette-bench-crossplane-'));
  // Latencies and processor time mean little where others work on the same processors.
  const load = loadavg()[0] ?? Number.NaN;
  try {
    return [
      {
        bench: 'crossplane',
        measure: 'what else the machine had to do when the bench began',
        figure: `load ${load.toFixed(1)} on ${availableParallelism()} processors`,
      },
      ...(await benchFunction(environment, folder)),
      ...(await benchController(environment, folder)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
