import { CliError, exitCodes } from '#cli/cli-error';
import { checkBundle } from '#cli/bundle/check-bundle';
import { trustedKeys } from '#cli/bundle/keys';
import { loadIntoCluster } from '#cli/bundle/load-into-cluster';
import { loadIntoPlane } from '#cli/bundle/load-into-plane';
import { formatTable, write, writeJson } from '#cli/output';
import { untilTold } from '#cli/until-told';
import { trustKeys } from '#packs/bundle/index';

import type { ApiOptions, OutputOptions } from './options.ts';
import { withWorkbench } from './profile-sources.ts';

export interface BundleLoadOptions extends ApiOptions, OutputOptions {
  readonly key: readonly string[];
  readonly project?: string;
  readonly registry?: string;
  readonly dryRun?: true;
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly timeout: string;
}

/** Checks the whole bundle, then loads it. @throws CliError, BundleError, PackError, ApiError */
export async function loadBundle(file: string, options: BundleLoadOptions): Promise<void> {
  const trust = trustKeys(await trustedKeys(options.key));
  if (options.kubeconfig !== undefined) await intoCluster(file, options.kubeconfig, trust, options);
  else await intoPlane(file, trust, options);
}

type Trust = ReturnType<typeof trustKeys>;

async function intoPlane(file: string, trust: Trust, options: BundleLoadOptions): Promise<void> {
  await withWorkbench(options, async (bench) => {
    const { signal } = bench;
    const bundle = await checkBundle(file, { trust, signal });
    const things = await loadIntoPlane(file, bundle, {
      ...(await bench.client()),
      registry: options.registry,
      trust,
      dryRun: options.dryRun === true,
      note: (line) => void process.stderr.write(`  ${line}\n`),
      signal,
    });
    if (options.output === 'json') writeJson(things);
    else
      write(
        formatTable(
          ['kind', 'name', 'version', 'digest', 'outcome', 'remark'],
          things.map(({ kind, name, version, digest, outcome, remark }) => [
            kind,
            name,
            version,
            digest,
            options.dryRun === true && outcome === 'loaded' ? 'would be loaded' : outcome,
            remark,
          ]),
          'the bundle holds nothing for a plane',
        ),
      );
  });
}

async function intoCluster(file: string, kubeconfig: string, trust: Trust, options: BundleLoadOptions): Promise<void> {
  if (options.dryRun === true)
    throw new CliError('--dry-run is for planes', { exitCode: exitCodes.usage, hint: 'Leave --kubeconfig out.' });
  const seconds = Number(options.timeout);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new CliError(`--timeout ${options.timeout}: expected a number of seconds`, { exitCode: exitCodes.usage });
  const { signal, forget } = untilTold();
  try {
    const bundle = await checkBundle(file, { trust, signal });
    const { namespace } = options;
    const patienceMs = seconds * 1000;
    const loaded = await loadIntoCluster(file, bundle, { kubeconfig, namespace, patienceMs, trust, signal });
    if (options.output === 'json') writeJson(loaded);
    else write(`the agent of ${loaded.cluster} took revision ${loaded.revision} (${loaded.digest})`);
  } finally {
    forget();
  }
}
