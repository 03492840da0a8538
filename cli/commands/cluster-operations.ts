/** `palette cluster scan | certificates | patch | upgrade | scale | snapshot | schedule`: what its agent does, on demand and in time. */
import { type Command, Option } from 'commander';

import { SCAN_DRIVERS } from '#protocol/actions';

import type { CertificateOptions, OperationOptions, ScanOptions } from './cluster-operate.ts';
import type { ScheduleOptions } from './cluster-schedules.ts';
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
    [
      'palette cluster scan shop-berlin',
      'palette cluster scan shop-berlin --driver syft --namespace shop --output json',
    ],
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
    [
      'palette cluster certificates shop-berlin --look',
      'palette cluster certificates shop-berlin --renew control-plane',
    ],
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
  addSchedule(cluster);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function addSchedule(cluster: Command): void {
  examples(
    withApiOptions(
      cluster
        .command('schedule <name>')
        .description('Shows when a cluster is scanned and patched by itself; with options, after it was changed.')
        .option('--project <name>', 'the project it is in')
        .option('--timezone <zone>', 'time zone that its schedules are read in, such as Europe/Berlin')
        .addOption(
          new Option(
            '--scan <driver=cron>',
            'scan by kube-bench, kube-hunter or sonobuoy; without a schedule after the sign, no more; may be repeated',
          ).argParser(collect),
        )
        .option('--patch <cron>', "patch all nodes again and again; '' for no more")
        .option('--patch-after <time>', "patch all nodes once, at this time or soon after; '' for not")
        .option('--patch-on-boot', 'patch each node once it has joined')
        .option('--no-patch-on-boot', 'do not')
        .option('--reboot', 'restart nodes for whose patches that is needed')
        .option('--no-reboot', 'do not')
        .addOption(outputOption()),
    ).action(async (name: string, options: ScheduleOptions) => {
      const { schedule } = await import('./cluster-schedules.ts');
      await schedule(name, options);
    }),
    [
      'palette cluster schedule shop-berlin',
      "palette cluster schedule shop-berlin --timezone Europe/Berlin --patch '0 3 * * 0' --reboot",
      "palette cluster schedule shop-berlin --scan 'kube-bench=0 1 * * *'",
    ],
    ['0 done', '1 there is no such cluster, or the plane refuses a schedule', '2 wrong use'],
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
