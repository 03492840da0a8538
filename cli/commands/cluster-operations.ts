/** `palette cluster scan | certificates | patch | upgrade | scale | snapshot`: what its agent does once, on demand. */
import { type Command, Option } from 'commander';

import { SCAN_DRIVERS } from '#protocol/actions';

import type { CertificateOptions, OperationOptions, ScanOptions } from './cluster-operate.ts';
import { examples, outputOption, withApiOptions } from './options.ts';

const EXIT_CODES = ['0 done', '1 it failed, or there is no such cluster', '2 wrong use'] as const;

export function addClusterOperations(cluster: Command): void {
  const drivers = SCAN_DRIVERS.filter((driver) => driver !== 'certificates');
  examples(
    operation(cluster, 'scan <name>', 'Scans a cluster and shows what was found; with --list the scans there were.')
      .addOption(new Option('--driver <driver>', 'which tool looks').choices(drivers).default('kube-bench'))
      .option('--namespace <name>', 'only images of this namespace (syft)')
      .option('--list', 'only list earlier scans')
      .action(async (name: string, options: ScanOptions) => {
        const { scan } = await import('./cluster-operate.ts');
        await scan(name, options);
      }),
    ['palette cluster scan local', 'palette cluster scan local --driver syft --namespace shop --output json'],
    EXIT_CODES,
  );
  examples(
    operation(
      cluster,
      'certificates <name>',
      'Shows when the certificates of a control plane expire, as of the last look.',
    )
      .option('--look', 'look anew first')
      .addOption(new Option('--renew <scope>', 'renew them first').choices(['control-plane', 'agent']))
      .action(async (name: string, options: CertificateOptions) => {
        const { certificates } = await import('./cluster-operate.ts');
        await certificates(name, options);
      }),
    ['palette cluster certificates local --look', 'palette cluster certificates shop-berlin --renew control-plane'],
    EXIT_CODES,
  );
  examples(
    operation(cluster, 'patch <name>', 'Patches the operating system of nodes, one node at a time.')
      .option('--reboot', 'restart nodes that need it')
      .option('--unpatched', 'only nodes that never were')
      .action(async (name: string, options: OperationOptions & { reboot?: true; unpatched?: true }) => {
        const { operate } = await import('./cluster-operate.ts');
        const spec = { rebootIfRequired: options.reboot ?? false, unpatchedOnly: options.unpatched ?? false };
        await operate(name, { type: 'patch-os', spec }, options);
      }),
    ['palette cluster patch shop-berlin --reboot'],
    EXIT_CODES,
  );
  examples(
    operation(cluster, 'upgrade <name> <version>', 'Brings Kubernetes to a version, the control plane first.').action(
      async (name: string, version: string, options: OperationOptions) => {
        const { operate } = await import('./cluster-operate.ts');
        await operate(name, { type: 'upgrade-kubernetes', spec: { version } }, options);
      },
    ),
    ['palette cluster upgrade shop-berlin v1.34.2', 'palette cluster upgrade edge v1.34.2+k3s1 --no-wait'],
    EXIT_CODES,
  );
  examples(
    operation(
      cluster,
      'scale <name> <pool> <replicas>',
      'Gives a pool of machines another size; the control plane is the pool control-plane.',
    ).action(async (name: string, pool: string, replicas: string, options: OperationOptions) => {
      const { operate } = await import('./cluster-operate.ts');
      await operate(name, { type: 'scale', spec: { pool, replicas: Number(replicas) } }, options);
    }),
    ['palette cluster scale shop-berlin workers 5'],
    EXIT_CODES,
  );
  examples(
    operation(
      cluster,
      'snapshot <name>',
      "Takes a snapshot of etcd, where the agent reaches it; it stays on the agent's disk.",
    )
      .option('--keep <number>', 'how many snapshots to keep, the newest', '5')
      .action(async (name: string, options: OperationOptions & { keep: string }) => {
        const { operate } = await import('./cluster-operate.ts');
        await operate(name, { type: 'etcd-snapshot', spec: { keep: Number(options.keep) } }, options);
      }),
    ['palette cluster snapshot local --keep 3'],
    EXIT_CODES,
  );
}

function operation(cluster: Command, usage: string, description: string): Command {
  return withApiOptions(
    cluster
      .command(usage)
      .description(description)
      .option('--project <name>', 'the project it is in')
      .option('--no-wait', 'do not wait for the end')
      .addOption(outputOption()),
  );
}
