/** Looks at the cluster with one tool; what it finds is kept with the plane. */
import { z } from 'zod';

import { assertNever } from '#core/assert-never';
import { isTransient } from '#kubernetes/error';
import type { ScanSpec } from '#protocol/actions';
import { SCAN_REPORT } from '#protocol/scan-report';

import type { ActionHandler } from './action.ts';
import type { ActionImages } from './images.ts';
import { removeJobs } from './job.ts';
import { scanCertificates } from './scans/certificates.ts';
import { scanWithKubeBench } from './scans/kube-bench.ts';
import { scanWithKubeHunter } from './scans/kube-hunter.ts';
import type { ScanContext, ScanOutcome } from './scans/scan-context.ts';
import { removeSonobuoy, scanWithSonobuoy } from './scans/sonobuoy.ts';
import { scanWithSyft } from './scans/syft.ts';

export interface ScanOptions {
  readonly images: ActionImages;
  /** How often to look whether a Job has ended, in milliseconds. Default 1 s. */
  readonly everyMs?: number | undefined;
}

const CLEAN_UP_MS = 10_000;
/** Of a run that has its results and only cleans up: a restart then does not scan once more. */
const OUTCOME = 'outcome';

export function createScan(options: ScanOptions): ActionHandler<'scan'> {
  return async (spec, given) => {
    const context: ScanContext = { ...given, ...options };
    try {
      let outcome = given.notes[OUTCOME];
      if (outcome === undefined) {
        outcome = JSON.stringify(await look(spec, context));
        await given.note(OUTCOME, outcome);
      }
      await cleanUp(spec, context);
      return Outcome.parse(JSON.parse(outcome));
    } catch (error) {
      // Where the agent only stops, or a fault passes, what is under way is found again.
      if (!given.ending.aborted && !isTransient(error)) await cleanUp(spec, context);
      throw error;
    }
  };
}

const Outcome = z.object({ message: z.string(), result: z.record(z.string(), z.json()) });

async function look(spec: ScanSpec, context: ScanContext): Promise<z.infer<typeof Outcome>> {
  const { report, message, summary, ran } = await scanWith(spec, context);
  await context.upload({
    name: SCAN_REPORT,
    contentType: 'application/json',
    bytes: Buffer.from(JSON.stringify(report)),
  });
  return {
    message,
    result: { driver: spec.driver, summary: { ...summary }, images: ran.filter((image) => image !== '') },
  };
}

async function scanWith(spec: ScanSpec, context: ScanContext): Promise<ScanOutcome> {
  switch (spec.driver) {
    case 'kube-bench':
      return scanWithKubeBench(context);
    case 'kube-hunter':
      return scanWithKubeHunter(context);
    case 'sonobuoy':
      return scanWithSonobuoy(context);
    case 'syft':
      return scanWithSyft(spec, context);
    case 'certificates':
      return scanCertificates(context);
    default:
      return assertNever(spec.driver);
  }
}

/** Also after a cancel, when the run's own signal is aborted. What is left goes away by itself in a day. */
async function cleanUp({ driver }: ScanSpec, context: ScanContext): Promise<void> {
  const signal = AbortSignal.timeout(CLEAN_UP_MS);
  try {
    await removeJobs(context.runId, { ...context, signal });
    if (driver === 'sonobuoy') await removeSonobuoy(context.client, { signal, runId: context.runId });
  } catch (error) {
    context.log.warn({ err: error }, 'what a scan made in the cluster could not be removed');
  }
}
