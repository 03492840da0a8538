/** Bills of materials of the images that run, with syft: one Job for each image, read from the image's registry. */
import { z } from 'zod';

import { isMap, valueAt, type KubeObject } from '#kubernetes/object';
import type { ScanSpec } from '#protocol/actions';
import type { SyftImage } from '#protocol/scan-report';

import { inParallel } from '../../enforce/in-parallel.ts';
import { ActionFailed } from '../action.ts';
import { jobName } from '../job.ts';
import { POD } from '../nodes.ts';
import { dependenciesOf } from './bill-of-materials.ts';
import { jsonIn } from './json-in.ts';
import { readOutput, runScanJob, type ScanContext, type ScanOutcome } from './scan-context.ts';

const MAX_IMAGES = 100;
const MAX_CONTEXTS = 50;
/** In the report, which planes read whole; the bills of materials themselves are complete. */
const MAX_DEPENDENCIES = 50_000;
const AT_ONCE = 2;
const TIMEOUT_SECONDS = 900;

type Format = NonNullable<ScanSpec['format']>;
interface ImageInUse {
  readonly image: string;
  readonly contexts: SyftImage['contexts'];
}

/** @throws ActionFailed when there is nothing to look at, or not one image could be read */
export async function scanWithSyft(spec: ScanSpec, context: ScanContext): Promise<ScanOutcome> {
  const format = spec.format ?? 'cyclonedx-json';
  const found = await imagesInUse(spec, context);
  const images = found.slice(0, MAX_IMAGES);
  if (images.length === 0) throw new ActionFailed('no Pod is there whose images could be looked at');
  let looked = 0;
  let packages = 0;
  const ran = new Set<string>();
  const most = Math.floor(MAX_DEPENDENCIES / images.length);
  const results = await inParallel(images, AT_ONCE, async (image) => {
    context.progress(`looks at image ${image.image}`, (looked / images.length) * 100);
    const result = await scanImage(image, format, ran, context);
    looked++;
    packages += result.dependencies.length;
    return { ...result, dependencies: result.dependencies.slice(0, most) };
  });
  const done = results.filter(({ state }) => state === 'Completed');
  const [worst] = results.filter(({ state }) => state === 'Failed');
  if (done.length === 0) throw new ActionFailed(`syft could look at no image: ${worst?.image}: ${worst?.message}`);
  const summary = { images: done.length, failed: results.length - done.length, dependencies: packages };
  const more = found.length > images.length ? `; ${found.length - images.length} more were left out` : '';
  const failed =
    worst === undefined ? '' : `; ${summary.failed} could not be read, such as ${worst.image}: ${worst.message}`;
  return {
    report: { driver: 'syft', at: context.now().toISOString(), format, images: results },
    message: `${summary.dependencies} packages in ${summary.images} images${failed}${more}`,
    summary,
    ran: [...ran],
  };
}

async function scanImage(
  { image, contexts }: ImageInUse,
  format: Format,
  ran: Set<string>,
  context: ScanContext,
): Promise<SyftImage> {
  const end = await runScanJob(
    'syft',
    {
      target: image,
      tool: 'syft',
      timeoutSeconds: TIMEOUT_SECONDS,
      pod: { automountServiceAccountToken: false },
      container: {
        // Not quiet: it would keep to itself, too, why it failed.
        args: ['scan', `registry:${image}`, '--output', format],
        env: [{ name: 'SYFT_CHECK_FOR_APP_UPDATE', value: 'false' }],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    },
    context,
  );
  const failed = (message: string): SyftImage => ({ image, contexts, state: 'Failed', message, dependencies: [] });
  if (end.kind === 'failed') return failed(end.message);
  ran.add(end.image);
  const document = jsonIn(end.output);
  const read = readOutput(z.record(z.string(), z.unknown()), document);
  if ('problem' in read) return failed(read.problem);
  const artifact = `${jobName('sbom', context.runId, image)}.json`;
  await context.upload({
    name: artifact,
    contentType: 'application/json',
    bytes: Buffer.from(JSON.stringify(document)),
  });
  return { image, contexts, state: 'Completed', message: '', artifact, dependencies: dependenciesOf(read.output) };
}

async function imagesInUse(spec: ScanSpec, { client, signal }: ScanContext): Promise<readonly ImageInUse[]> {
  const listed = await Promise.all(
    (spec.namespaces.length === 0 ? [undefined] : spec.namespaces).map(async (namespace) =>
      client.list(POD, {
        signal,
        namespace,
        labelSelector: spec.labelSelector === '' ? undefined : spec.labelSelector,
        fieldSelector: spec.podName ? `metadata.name=${spec.podName}` : undefined,
      }),
    ),
  );
  const byImage = new Map<string, SyftImage['contexts']>();
  for (const pod of listed.flatMap(({ items }) => items))
    for (const { image, containerName } of containersOf(pod)) {
      const contexts = byImage.get(image) ?? [];
      if (contexts.length < MAX_CONTEXTS)
        contexts.push({ namespace: pod.metadata.namespace ?? '', podName: pod.metadata.name, containerName });
      byImage.set(image, contexts);
    }
  return [...byImage]
    .map(([image, contexts]) => ({ image, contexts }))
    .toSorted((left, right) => left.image.localeCompare(right.image));
}

function containersOf(pod: KubeObject): readonly { readonly image: string; readonly containerName: string }[] {
  return ['containers', 'initContainers'].flatMap((key) => {
    const containers = valueAt(pod, 'spec', key);
    return (Array.isArray(containers) ? containers : [])
      .filter(isMap)
      .flatMap(({ image, name }) =>
        typeof image === 'string' && image !== ''
          ? [{ image, containerName: typeof name === 'string' ? name : '' }]
          : [],
      );
  });
}
