/** Runs Kubernetes' conformance tests through Sonobuoy and reads how they ended from its aggregator. */
import { z } from 'zod';

import type { CallOptions, KubeClient } from '#kubernetes/client';
import { isMap, textAt, valueAt, type KubeObject } from '#kubernetes/object';
import type { SonobuoyReport } from '#protocol/scan-report';

import { ActionFailed } from '../action.ts';
import { imageOf } from '../images.ts';
import { RUN_LABEL } from '../job.ts';
import { until } from '../until.ts';
import type { ScanContext, ScanOutcome } from './scan-context.ts';
import {
  AGGREGATOR,
  SONOBUOY_NAMESPACE,
  SONOBUOY_REMAINS,
  SONOBUOY_SECONDS,
  sonobuoyObjects,
} from './sonobuoy-objects.ts';

const STATUS_ANNOTATION = 'sonobuoy.hept.io/status';
/** Where another's Sonobuoy stands in the way, it is waited for that long to go. */
const GONE_MS = 120_000;
const EVERY_MS = 10_000;
const MAX_FAILURES = 1_000;

const Count = z.int().nonnegative();
const Status = z.object({
  status: z.string(),
  plugins: z.array(
    z.object({
      plugin: z.string(),
      node: z.string().default('global'),
      status: z.string(),
      'result-status': z.string().default(''),
      'result-counts': z.record(z.string(), Count).nullish(),
      progress: z
        .object({
          msg: z.string().nullish(),
          total: Count.nullish(),
          completed: Count.nullish(),
          failures: z.array(z.string()).nullish(),
        })
        .nullish(),
    }),
  ),
});
type Status = z.infer<typeof Status>;

/** @throws ActionFailed when the tests did not come to an end; tests that fail are what it finds */
export async function scanWithSonobuoy(context: ScanContext): Promise<ScanOutcome> {
  const { client, images, runId, signal } = context;
  await begin(context);
  const failures = new Map<string, readonly string[]>();
  let pod: KubeObject | undefined;
  const end = await until(
    async (): Promise<Status | undefined> => {
      pod = await client.get(AGGREGATOR, { signal });
      if (pod === undefined) throw new ActionFailed('somebody removed Sonobuoy while it was at work');
      if (valueAt(pod, 'status', 'phase') === 'Failed')
        throw new ActionFailed(`Sonobuoy ended early: ${textAt(pod, 'status', 'message') || 'no reason is told'}`);
      const status = statusOf(pod.metadata.annotations?.[STATUS_ANNOTATION]);
      for (const { plugin, node, progress } of status?.plugins ?? []) {
        // The last word of a plugin need not repeat what it said before.
        if (progress?.failures) failures.set(`${plugin}/${node}`, progress.failures);
        if (progress?.total)
          context.progress(
            `${plugin}: ${progress.completed ?? 0} of ${progress.total} tests`,
            ((progress.completed ?? 0) / progress.total) * 100,
          );
      }
      return status?.status === 'complete' || status?.status === 'failed' ? status : undefined;
    },
    { timeoutMs: SONOBUOY_SECONDS * 1000, everyMs: context.everyMs ?? EVERY_MS, signal },
  );
  if (end === undefined)
    throw new ActionFailed(`the conformance tests did not end in ${SONOBUOY_SECONDS / 3600} hours`);
  if (end.status === 'failed')
    throw new ActionFailed('Sonobuoy says that it failed itself; its results are not to be had');
  await context.upload({
    name: 'sonobuoy.json',
    contentType: 'application/json',
    bytes: Buffer.from(JSON.stringify({ runId, image: images.sonobuoy, ...end })),
  });

  const reports = Object.fromEntries(
    end.plugins.map((plugin) => {
      const key = `${plugin.plugin}/${plugin.node}`;
      return [key, reportOf(plugin, failures.get(key) ?? [])] as const;
    }),
  );
  const total = (of: 'pass' | 'fail' | 'total'): number =>
    Object.values(reports).reduce((sum, report) => sum + report[of], 0);
  const summary = { pass: total('pass'), fail: total('fail'), total: total('total') };
  return {
    report: { driver: 'sonobuoy', at: context.now().toISOString(), reports },
    message: `${summary.pass} tests passed, ${summary.fail} failed`,
    summary,
    ran: imagesOf(pod),
  };
}

/** Removes what a run made, or any run; a Sonobuoy that somebody runs by hand is theirs. @throws KubeError */
export async function removeSonobuoy(
  client: KubeClient,
  { signal, runId }: CallOptions & { readonly runId?: string },
): Promise<void> {
  for (const ref of SONOBUOY_REMAINS) {
    const found = await client.get(ref, { signal });
    const owner = found?.metadata.labels?.[RUN_LABEL];
    if (found !== undefined && owner !== undefined && (runId === undefined || owner === runId))
      await client.delete(ref, { signal, uid: found.metadata.uid });
  }
}

/** Applies what is not there yet; what another run or a person left has to go first. */
async function begin({ client, images, runId, signal, everyMs }: ScanContext): Promise<void> {
  const clear = await until(
    async (): Promise<'begin' | 'under way' | undefined> => {
      const pod = await client.get(AGGREGATOR, { signal });
      if (pod?.metadata.labels?.[RUN_LABEL] === runId && pod.metadata.deletionTimestamp === undefined)
        return 'under way';
      const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: SONOBUOY_NAMESPACE }, { signal });
      if (namespace === undefined) return 'begin';
      const owner = namespace.metadata.labels?.[RUN_LABEL];
      if (owner === runId && namespace.metadata.deletionTimestamp === undefined) return 'begin';
      // Left behind by a run of ours that is over.
      if (owner !== undefined) await removeSonobuoy(client, { signal, runId: owner });
      return undefined;
    },
    { timeoutMs: GONE_MS, everyMs, signal },
  );
  if (clear === undefined)
    throw new ActionFailed(
      'there is a namespace sonobuoy in the way, of a run that is not ours; remove it: sonobuoy delete --wait',
    );
  if (clear === 'under way') return;
  const version = gitVersion(await client.read('/version', { signal }));
  const objects = sonobuoyObjects({
    runId,
    runLabel: RUN_LABEL,
    image: imageOf(images, 'sonobuoy'),
    conformanceImage: imageOf(images, 'conformance', version),
  });
  for (const object of objects) await client.apply(object, { signal });
}

/** Without what a distribution appends: the tests are published for Kubernetes' own versions. */
function gitVersion(answer: unknown): string {
  const [plain] = /^v\d+\.\d+\.\d+/.exec(textAt(answer, 'gitVersion')) ?? [];
  if (plain === undefined) throw new ActionFailed('the API server does not say its version');
  return plain;
}

function imagesOf(pod: KubeObject | undefined): readonly string[] {
  const statuses = valueAt(pod, 'status', 'containerStatuses');
  return (Array.isArray(statuses) ? statuses : []).filter(isMap).map((status) => textAt(status, 'imageID'));
}

function statusOf(text: string | undefined): Status | undefined {
  if (text === undefined) return undefined;
  try {
    return Status.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function reportOf(plugin: Status['plugins'][number], failures: readonly string[]): SonobuoyReport {
  const counts = plugin['result-counts'] ?? {};
  const pass = counts['passed'] ?? 0;
  const fail = counts['failed'] ?? 0;
  return {
    plugin: plugin.plugin,
    node: plugin.node,
    status: plugin['result-status'] || plugin.status,
    pass,
    fail,
    total: pass + fail,
    logs: failures
      .slice(0, MAX_FAILURES)
      .map((description) => ({ description, msg: '', output: '', path: '', state: 'failed' })),
  };
}
