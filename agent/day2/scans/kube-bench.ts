/** Checks nodes against the CIS benchmark with kube-bench: one Job for each node, a few at a time. */
import { z } from 'zod';

import type { KubeObject } from '#kubernetes/object';
import type { BenchReport } from '#protocol/scan-report';

import { inParallel } from '../../enforce/in-parallel.ts';
import { ActionFailed } from '../action.ts';
import { distributionOf, isControlPlane, isReady, listNodes, refusePlayed } from '../nodes.ts';
import { readOnlyHostPaths } from './host-paths.ts';
import { jsonIn } from './json-in.ts';
import { readOutput, runScanJob, type ScanContext, type ScanOutcome } from './scan-context.ts';

/** All of the control plane; of many alike workers the first by name suffice. */
const MAX_NODES = 30;
const AT_ONCE = 3;
const TIMEOUT_SECONDS = 600;
const MAX_TEXT = 2_000;

/** What it looks at on every node, and where it looks for that. */
const HOST_PATHS = {
  '/var/lib/kubelet': '/var/lib/kubelet',
  '/etc/systemd': '/etc/systemd',
  '/lib/systemd': '/lib/systemd',
  '/etc/cni/net.d': '/etc/cni/net.d',
  '/opt/cni/bin': '/opt/cni/bin',
  '/usr/bin': '/usr/local/mount-from-host/bin',
};
const KUBEADM_PATHS = { '/etc/kubernetes': '/etc/kubernetes' };
const ETCD_PATHS = { '/var/lib/etcd': '/var/lib/etcd' };
const RANCHER_PATHS = { '/etc/rancher': '/etc/rancher', '/var/lib/rancher': '/var/lib/rancher' };

/** Only what can be there: container runtimes make folders that are not. */
function hostPathsOf(node: KubeObject): ReturnType<typeof readOnlyHostPaths> {
  if (distributionOf(node) !== 'kubeadm') return readOnlyHostPaths({ ...HOST_PATHS, ...RANCHER_PATHS });
  return readOnlyHostPaths({ ...HOST_PATHS, ...KUBEADM_PATHS, ...(isControlPlane(node) ? ETCD_PATHS : {}) });
}

const Text = z.string().nullish();
const Count = z.int().nonnegative().default(0);
const Control = z.object({
  version: Text,
  node_type: Text,
  tests: z
    .array(
      z.object({
        results: z
          .array(
            z.object({
              test_number: Text,
              test_desc: Text,
              remediation: Text,
              status: Text,
              actual_value: Text,
              expected_result: Text,
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
  total_pass: Count,
  total_fail: Count,
  total_warn: Count,
  total_info: Count,
});
const Output = z.object({ Controls: z.array(Control).nullish() });

/** @throws ActionFailed when not one node could be checked */
export async function scanWithKubeBench(context: ScanContext): Promise<ScanOutcome> {
  const { client, signal } = context;
  const nodes = (await listNodes(client, { signal })).filter(isReady);
  const targets = [...nodes.filter(isControlPlane), ...nodes.filter((node) => !isControlPlane(node))].slice(
    0,
    MAX_NODES,
  );
  if (targets.length === 0) throw new ActionFailed('no node is ready: there is nothing to check');
  refusePlayed(targets);

  const reports: Record<string, BenchReport> = {};
  const problems: string[] = [];
  let checked = 0;
  const ran = new Set<string>();
  await inParallel(targets, AT_ONCE, async (target) => {
    const node = target.metadata.name;
    context.progress(`checks node ${node}`, (checked / targets.length) * 100);
    const { volumes, volumeMounts } = hostPathsOf(target);
    const end = await runScanJob(
      'kube-bench',
      {
        target: node,
        tool: 'kubeBench',
        timeoutSeconds: TIMEOUT_SECONDS,
        pod: { nodeName: node, hostPID: true, volumes },
        container: { command: ['kube-bench', 'run', '--json'], volumeMounts },
      },
      context,
    );
    checked++;
    if (end.kind === 'succeeded') ran.add(end.image);
    const document = end.kind === 'succeeded' ? jsonIn(end.output) : undefined;
    const read = end.kind === 'succeeded' ? readOutput(Output, document) : { problem: end.message };
    if ('problem' in read) {
      problems.push(`node ${node}: ${read.problem}`);
      return;
    }
    await context.upload({
      name: `kube-bench-${node}.json`,
      contentType: 'application/json',
      bytes: Buffer.from(JSON.stringify(document)),
    });
    for (const control of read.output.Controls ?? []) {
      const report = reportOf(node, control);
      reports[report.name] = report;
    }
  });
  if (checked === problems.length) throw new ActionFailed(`kube-bench could check no node: ${problems.join('; ')}`);

  const total = (of: 'pass' | 'fail' | 'warn' | 'info'): number =>
    Object.values(reports).reduce((sum, report) => sum + report[of], 0);
  const summary = { pass: total('pass'), fail: total('fail'), warn: total('warn'), info: total('info') };
  const left = problems.length === 0 ? '' : `; not checked: ${problems.join('; ')}`;
  return {
    report: { driver: 'kube-bench', at: context.now().toISOString(), reports },
    message: `${summary.pass} checks passed, ${summary.fail} failed, ${summary.warn} warn, on ${checked - problems.length} of ${nodes.length} nodes${left}`,
    summary,
    ran: [...ran],
  };
}

function reportOf(node: string, control: z.infer<typeof Control>): BenchReport {
  return {
    name: `${node}/${control.node_type ?? 'node'}`,
    type: control.version ?? '',
    pass: control.total_pass,
    fail: control.total_fail,
    warn: control.total_warn,
    info: control.total_info,
    logs: (control.tests ?? []).flatMap(({ results }) =>
      (results ?? []).map((result) => ({
        testId: result.test_number ?? '',
        description: (result.test_desc ?? '').slice(0, MAX_TEXT),
        expected: (result.expected_result ?? '').slice(0, MAX_TEXT),
        remediation: (result.remediation ?? '').slice(0, MAX_TEXT),
        state: result.status ?? '',
        value: (result.actual_value ?? '').slice(0, MAX_TEXT),
      })),
    ),
  };
}
