/** Looks for what an intruder in a Pod could do, with kube-hunter. It tries nothing that changes the cluster. */
import { z } from 'zod';

import type { HunterReport } from '#protocol/scan-report';

import { ActionFailed } from '../action.ts';
import { jsonIn } from './json-in.ts';
import { readOutput, runScanJob, type ScanContext, type ScanOutcome } from './scan-context.ts';

const TIMEOUT_SECONDS = 1_800;
const MAX_TEXT = 2_000;

const Text = z.string().nullish();
const Output = z.object({
  vulnerabilities: z
    .array(
      z.object({
        location: Text,
        vid: Text,
        severity: Text,
        vulnerability: Text,
        description: Text,
        // The tool writes what it saw as it is: text, a list, a map.
        evidence: z.unknown(),
        avd_reference: Text,
      }),
    )
    .nullish(),
});

/** @throws ActionFailed when it did not come to an end */
export async function scanWithKubeHunter(context: ScanContext): Promise<ScanOutcome> {
  context.progress('looks for vulnerabilities from within a Pod');
  const end = await runScanJob(
    'kube-hunter',
    {
      target: 'cluster',
      tool: 'kubeHunter',
      timeoutSeconds: TIMEOUT_SECONDS,
      container: { command: ['kube-hunter', '--pod', '--report', 'json', '--dispatch', 'stdout', '--log', 'none'] },
    },
    context,
  );
  if (end.kind === 'failed') throw new ActionFailed(`kube-hunter failed: ${end.message}`);
  const document = jsonIn(end.output);
  const read = readOutput(Output, document);
  if ('problem' in read) throw new ActionFailed(`kube-hunter: ${read.problem}`);
  await context.upload({
    name: 'kube-hunter.json',
    contentType: 'application/json',
    bytes: Buffer.from(JSON.stringify(document)),
  });

  const found = read.output.vulnerabilities ?? [];
  const count = (severity: string): number => found.filter((one) => one.severity?.toLowerCase() === severity).length;
  const summary = { high: count('high'), medium: count('medium'), low: count('low') };
  const report: HunterReport = {
    ...summary,
    logs: found.map((one) => ({
      testId: one.vid ?? '',
      severity: one.severity ?? '',
      vulnerability: one.vulnerability ?? '',
      description: (one.description ?? '').slice(0, MAX_TEXT),
      // Where it is, first: the API has no field for that.
      evidence: [one.location ?? '', textOf(one.evidence)]
        .filter((part) => part !== '')
        .join(': ')
        .slice(0, MAX_TEXT),
      reference: one.avd_reference ?? '',
    })),
  };
  return {
    report: { driver: 'kube-hunter', at: context.now().toISOString(), reports: { cluster: report } },
    message: `${found.length} vulnerabilities: ${summary.high} high, ${summary.medium} medium, ${summary.low} low`,
    summary,
    ran: [end.image],
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
