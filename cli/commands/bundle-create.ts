import { CliError, exitCodes } from '#cli/cli-error';
import { collectDesiredStates } from '#cli/bundle/collect-desired-states';
import { collectProfiles } from '#cli/bundle/collect-profiles';
import { createBundleContents } from '#cli/bundle/contents';
import { signingKey } from '#cli/bundle/keys';
import { contentsText, sizeOf } from '#cli/bundle/check-bundle';
import { writeStreamAtomic } from '#cli/bundle/write-file';
import { write, writeJson } from '#cli/output';
import { bundleDigest, bundleSigner, signerId, writeBundle } from '#packs/bundle/index';
import type { Renderer } from '#packs/index';

import type { OutputOptions } from './options.ts';
import type { ClusterOptions, SourceOptions } from './profile-options.ts';
import { clusterOf, withWorkbench } from './profile-sources.ts';

export interface BundleCreateOptions extends SourceOptions, ClusterOptions, OutputOptions {
  readonly key: string;
  readonly out?: string;
  readonly name?: string;
  readonly desiredState?: readonly string[];
  readonly render: boolean;
}

/** @throws CliError, ProfileError, ApiError */
export async function createBundle(sources: readonly string[], options: BundleCreateOptions): Promise<void> {
  const { desiredState = [] } = options;
  if (sources.length === 0 && desiredState.length === 0)
    throw new CliError('nothing to bundle', {
      exitCode: exitCodes.usage,
      hint: 'Name files of profiles, published profiles as NAME@VERSION, or clusters with --desired-state.',
    });
  const key = await signingKey(options.key);
  const cluster = await clusterOf(options);
  await withWorkbench(options, async (bench) => {
    const { signal } = bench;
    const contents = createBundleContents();
    let made: Promise<Renderer> | undefined;
    const renderer = options.render ? async (): Promise<Renderer> => (made ??= bench.renderer()) : undefined;
    const warn = (line: string): void => void process.stderr.write(`warning: ${line}\n`);
    await collectProfiles(sources, contents, { ...bench, renderer, cluster, warn });
    if (desiredState.length > 0)
      await collectDesiredStates(desiredState, contents, { ...(await bench.client()), renderer, warn, signal });

    const first = contents.manifest('bundle');
    const manifest = contents.manifest(
      options.name ?? first.profiles[0]?.name ?? first.desiredStates[0]?.clusterName ?? 'bundle',
    );
    const file = options.out ?? `${manifest.name.replaceAll(/[^\w.-]+/g, '_')}.bundle.tgz`;
    const sign = bundleSigner(key);
    const bytes = await writeStreamAtomic(file, writeBundle(manifest, { blob: contents.blob, sign, signal }));
    if (options.output === 'json')
      writeJson({ file, bytes, digest: bundleDigest(manifest), signedBy: signerId(key), manifest });
    else
      write(
        `${file}: ${contentsText(manifest)}; ` +
          `${bytes} bytes (${sizeOf(manifest)} of content), signed with ${signerId(key)}`,
      );
  });
}
