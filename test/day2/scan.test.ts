/** Scans on a real API server: Jobs, Pods and logs go the way they go in any cluster; kube-bench is the real one. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Cancelled } from '#agent/day2/action';
import { ActionImages } from '#agent/day2/images';
import { createScan } from '#agent/day2/scan';
import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import type { ControlPlane } from '#cli/local/control-plane';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { packageRoot } from '#cli/package-root';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { ScanReport } from '#protocol/scan-report';

import { kubectl, startCluster } from '../support/cluster.ts';
import { jsonArtifact, testContext } from './support/context.ts';
import { startKubelet, type Carried, type ContainerCall, type TestKubelet } from './support/kubelet.ts';

const run = promisify(execFile);
const NAMESPACE = 'palette-scans';
const images = ActionImages.parse({});
const scan = createScan({ images, everyMs: 100 });

let cluster: ControlPlane;
let client: KubeClient;
let dir: string;
let kubelets: TestKubelet[];
let kubeBench: readonly [command: string, ...flags: string[]];
const calls: ContainerCall[] = [];
/** How containers of an image end, where the test says so. */
const answers = new Map<string, (call: ContainerCall) => Promise<Carried> | Carried>();

async function carryOut(call: ContainerCall): Promise<Carried | undefined> {
  calls.push(call);
  const answer = answers.get(call.image);
  if (answer !== undefined) return answer(call);
  if (call.image === images.kubeBench) return execute(kubeBench[0], [...call.command.slice(1), ...kubeBench.slice(1)]);
  if (call.image === images.host) {
    const script = call.command.at(-1) ?? '';
    return execute('sh', ['-c', script.replaceAll('/host/', `${join(dir, 'host')}/`)]);
  }
  return undefined;
}

async function execute(command: string, args: readonly string[]): Promise<Carried> {
  try {
    const { stdout, stderr } = await run(command, [...args], { maxBuffer: 64 * 1024 * 1024 });
    return { exitCode: 0, output: `${stderr}${stdout}` };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { exitCode: 1, output: `${stderr}${stdout}` };
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-scan-'));
  cluster = await startCluster({ kwok: false, scheduler: true });
  client = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
  const kubelet = async (name: string, labels: Record<string, string>): Promise<TestKubelet> =>
    startKubelet({ client, kubeconfig: cluster.kubeconfig, dir, name, labels, version: 'v1.34.2', carryOut });
  kubelets = [await kubelet('cp-0', { 'node-role.kubernetes.io/control-plane': '' }), await kubelet('worker-0', {})];
  const command = await ensureTool('kube-bench', { signal: AbortSignal.timeout(15 * 60_000) });
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/aquasecurity/kube-bench'], {
    cwd: join(packageRoot, 'tools', 'kube-bench'),
  });
  const config = join(stdout.trim(), 'cfg');
  kubeBench = [command, '--config-dir', config, '--config', join(config, 'config.yaml'), '--benchmark', 'cis-1.9'];
}, 20 * 60_000);

afterAll(async () => {
  await Promise.all((kubelets ?? []).map(async (kubelet) => kubelet.stop()));
  client?.close();
  await cluster?.stop();
  if (dir !== undefined) await rm(dir, { recursive: true, force: true });
});

describe('a scan by kube-bench', () => {
  it('checks the processes of the control plane that runs here and counts what it finds', async () => {
    const context = testContext(client, { namespace: NAMESPACE });
    const { message, result } = await scan({ driver: 'kube-bench', namespaces: [] }, context);
    const report = ScanReport.parse(jsonArtifact(context, 'report.json'));
    if (report.driver !== 'kube-bench') throw new Error('a report of another driver');
    const onControlPlane = Object.values(report.reports).filter(({ name }) => name.startsWith('cp-0/'));
    const logs = onControlPlane.flatMap((one) => one.logs);
    // The API server of this test runs with RBAC: kube-bench reads that off its command line.
    expect(logs.find(({ description }) => /authorization-mode argument includes RBAC/.test(description))?.state).toBe(
      'PASS',
    );
    expect(new Set(logs.map(({ state }) => state))).toEqual(new Set(['PASS', 'FAIL', 'WARN']));
    const counted = onControlPlane.reduce((sum, { pass, fail, warn, info }) => sum + pass + fail + warn + info, 0);
    expect(counted).toBe(logs.length);
    expect(result).toMatchObject({ driver: 'kube-bench', summary: { pass: expect.any(Number) } });
    expect(message).toMatch(/^\d+ checks passed, \d+ failed, \d+ warn, on 2 of 2 nodes$/);
    expect(context.artifacts.has('kube-bench-cp-0.json')).toBe(true);
    // Nothing of it stays.
    const left = await kubectl(cluster, ['get', 'jobs', '-n', `${NAMESPACE}-jobs`, '-o', 'name']);
    expect(left).toBe('');
  });

  it('says which nodes could not be checked, and fails when none could', async () => {
    answers.set(images.kubeBench, ({ node }) =>
      node === 'cp-0'
        ? { exitCode: 2, output: 'cannot read /etc' }
        : {
            exitCode: 0,
            output: `noise\n${JSON.stringify({ Controls: [{ version: 'cis-1.9', node_type: 'node', tests: [], total_pass: 3, total_fail: 1, total_warn: 0, total_info: 0 }] })}\nmore noise\n`,
          },
    );
    try {
      const context = testContext(client, { namespace: NAMESPACE });
      const { message } = await scan({ driver: 'kube-bench', namespaces: [] }, context);
      expect(message).toBe(
        '3 checks passed, 1 failed, 0 warn, on 1 of 2 nodes; not checked: node cp-0: it ended with exit code 2: cannot read /etc',
      );
      answers.set(images.kubeBench, () => ({ exitCode: 0, output: 'no JSON at all' }));
      await expect(
        scan({ driver: 'kube-bench', namespaces: [] }, testContext(client, { namespace: NAMESPACE })),
      ).rejects.toThrow(/kube-bench could check no node: .*it printed no JSON/);
    } finally {
      answers.delete(images.kubeBench);
    }
  });

  it('goes on after a restart with what is under way, and begins no Job twice', async () => {
    let release = (_: Carried): void => undefined;
    const held = new Promise<Carried>((resolve) => {
      release = resolve;
    });
    answers.set(images.kubeBench, async () => held);
    try {
      const first = testContext(client, { namespace: NAMESPACE });
      calls.length = 0;
      const begun = scan({ driver: 'kube-bench', namespaces: [] }, first);
      await eventually(() => calls.length === 2);
      first.end(new Error('the agent stops'));
      await expect(begun).rejects.toThrow('the agent stops');
      // The first of the nodes is away now: what was found on the other is still that one's.
      await kubelets[0]?.set({ ready: false });
      const again = first.again();
      const second = scan({ driver: 'kube-bench', namespaces: [] }, again);
      release({ exitCode: 0, output: JSON.stringify({ Controls: [] }) });
      await second;
      expect(calls).toHaveLength(2);
      expect([...again.artifacts.keys()].toSorted()).toEqual(['kube-bench-worker-0.json', 'report.json']);
      // Its last life may end before it is known that all is done: nothing is scanned once more.
      expect(await scan({ driver: 'kube-bench', namespaces: [] }, again.again())).toEqual(await second);
      expect(calls).toHaveLength(2);
    } finally {
      await kubelets[0]?.set({ ready: true });
      answers.delete(images.kubeBench);
    }
  });

  it('ends its Jobs when it is cancelled', async () => {
    answers.set(images.kubeBench, async () => new Promise<Carried>(() => undefined));
    try {
      const context = testContext(client, { namespace: NAMESPACE });
      calls.length = 0;
      const begun = scan({ driver: 'kube-bench', namespaces: [] }, context);
      await eventually(() => calls.length === 2);
      context.stop.abort(new Cancelled('somebody changed their mind'));
      await expect(begun).rejects.toThrow('somebody changed their mind');
      await eventually(
        async () => (await kubectl(cluster, ['get', 'jobs', '-n', `${NAMESPACE}-jobs`, '-o', 'name'])) === '',
      );
    } finally {
      answers.delete(images.kubeBench);
    }
  });
});

describe('a scan by kube-hunter', () => {
  /** What kube-hunter 0.6.8 printed of a machine with an open kubelet port. */
  const output = {
    nodes: [
      {
        type: 'Node/Master',
        location: '127.0.0.1',
      },
    ],
    services: [
      {
        service: 'Kubelet API (readonly)',
        location: '127.0.0.1:10255',
      },
    ],
    vulnerabilities: [
      {
        location: '127.0.0.1:10255',
        vid: 'KHV043',
        category: 'Initial Access // General Sensitive Information',
        severity: 'low',
        vulnerability: 'Cluster Health Disclosure',
        description:
          'By accessing the open /healthz handler,\n    an attacker could get the cluster health state without authenticating',
        evidence: 'status: {"status": "ok", "major": "1", "minor": "10", "gitVersion": "v1.10.0"}',
        avd_reference: 'https://avd.aquasec.com/kube-hunter/khv043/',
        hunter: 'Kubelet Readonly Ports Hunter',
      },
      {
        location: '127.0.0.1:10255',
        vid: 'KHV052',
        category: 'Discovery // Access Kubelet API',
        severity: 'medium',
        vulnerability: 'Exposed Pods',
        description:
          'An attacker could view sensitive information about pods that are\n    bound to a Node using the /pods endpoint',
        evidence: 'count: 1',
        avd_reference: 'https://avd.aquasec.com/kube-hunter/khv052/',
        hunter: 'Kubelet Readonly Ports Hunter',
      },
    ],
  };

  it('counts vulnerabilities by severity', async () => {
    answers.set(images.kubeHunter, () => ({ exitCode: 0, output: JSON.stringify(output) }));
    const context = testContext(client, { namespace: NAMESPACE });
    const { message } = await scan({ driver: 'kube-hunter', namespaces: [] }, context);
    expect(message).toBe('2 vulnerabilities: 0 high, 1 medium, 1 low');
    expect(jsonArtifact(context, 'report.json')).toMatchObject({
      reports: {
        cluster: {
          high: 0,
          medium: 1,
          low: 1,
          logs: [
            { testId: 'KHV043', severity: 'low', evidence: expect.stringMatching(/^127\.0\.0\.1:10255: status: /) },
            {
              testId: 'KHV052',
              vulnerability: 'Exposed Pods',
              evidence: '127.0.0.1:10255: count: 1',
              reference: 'https://avd.aquasec.com/kube-hunter/khv052/',
            },
          ],
        },
      },
    });
  });

  it('fails with what is wrong when its output has another form', async () => {
    answers.set(images.kubeHunter, () => ({ exitCode: 0, output: JSON.stringify({ vulnerabilities: 'none' }) }));
    await expect(
      scan({ driver: 'kube-hunter', namespaces: [] }, testContext(client, { namespace: NAMESPACE })),
    ).rejects.toThrow(/another form than expected at vulnerabilities/);
  });
});

describe('a scan by syft', () => {
  it('makes one bill of materials for each image of the namespaces, and says which could not be read', async () => {
    await kubectl(cluster, ['create', 'namespace', 'shop']);
    await kubectl(cluster, ['-n', 'shop', 'run', 'web', '--image=registry.example/web:1', '--restart=Never']);
    await kubectl(cluster, ['-n', 'shop', 'run', 'web-2', '--image=registry.example/web:1', '--restart=Never']);
    await kubectl(cluster, ['-n', 'shop', 'run', 'gone', '--image=registry.example/gone:1', '--restart=Never']);
    answers.set(images.syft, ({ args }) =>
      args.includes('registry:registry.example/gone:1')
        ? { exitCode: 1, output: 'could not fetch: UNAUTHORIZED' }
        : {
            exitCode: 0,
            output: JSON.stringify({
              bomFormat: 'CycloneDX',
              components: [
                { name: 'openssl', version: '3.0.1', type: 'library', purl: 'pkg:deb/debian/openssl@3.0.1?arch=amd64' },
              ],
            }),
          },
    );
    const context = testContext(client, { namespace: NAMESPACE });
    const { message } = await scan({ driver: 'syft', namespaces: ['shop'] }, context);
    expect(message).toBe(
      '1 packages in 1 images; 1 could not be read, such as registry.example/gone:1: it ended with exit code 1: could not fetch: UNAUTHORIZED',
    );
    const report = ScanReport.parse(jsonArtifact(context, 'report.json'));
    if (report.driver !== 'syft') throw new Error('a report of another driver');
    const web = report.images.find(({ image }) => image === 'registry.example/web:1');
    expect(web?.contexts.map(({ podName }) => podName)).toEqual(['web', 'web-2']);
    expect(web?.dependencies).toEqual([{ name: 'openssl', type: 'deb', version: '3.0.1' }]);
    expect(jsonArtifact(context, web?.artifact ?? '')).toMatchObject({ bomFormat: 'CycloneDX' });
  });

  it('fails where there is nothing to look at', async () => {
    await expect(
      scan({ driver: 'syft', namespaces: ['kube-node-lease'] }, testContext(client, { namespace: NAMESPACE })),
    ).rejects.toThrow('no Pod is there whose images could be looked at');
  });
});

describe('a scan by Sonobuoy', () => {
  it('runs the conformance tests of the cluster’s version and tells which failed', async () => {
    const context = testContext(client, { namespace: NAMESPACE });
    calls.length = 0;
    const begun = scan({ driver: 'sonobuoy', namespaces: [] }, context);
    // The aggregator is a Pod that runs until it is removed; it tells by an annotation of itself.
    await eventually(() => calls.some(({ image }) => image === images.sonobuoy));
    const plugins = await kubectl(cluster, [
      'get',
      'configmap',
      'sonobuoy-plugins-cm',
      '-n',
      'sonobuoy',
      '-o',
      'jsonpath={.data}',
    ]);
    expect(plugins).toContain('registry.k8s.io/conformance:v1.34.2');
    const tell = async (status: object): Promise<void> => {
      await kubectl(cluster, [
        'annotate',
        'pod',
        'sonobuoy',
        '-n',
        'sonobuoy',
        '--overwrite',
        `sonobuoy.hept.io/status=${JSON.stringify(status)}`,
      ]);
    };
    const failures = ['[sig-node] Pods should be pods', '[sig-network] DNS should answer'];
    await tell({
      status: 'running',
      plugins: [
        {
          plugin: 'e2e',
          node: 'global',
          status: 'running',
          progress: { msg: 'PASSED', total: 400, completed: 100, failures },
        },
      ],
    });
    await eventually(() => context.told.includes('e2e: 100 of 400 tests'));
    await tell({
      status: 'complete',
      plugins: [
        {
          plugin: 'e2e',
          node: 'global',
          status: 'complete',
          'result-status': 'failed',
          'result-counts': { passed: 398, failed: 2, skipped: 6000 },
        },
      ],
    });
    expect((await begun).message).toBe('398 tests passed, 2 failed');
    expect(jsonArtifact(context, 'report.json')).toMatchObject({
      reports: {
        'e2e/global': {
          pass: 398,
          fail: 2,
          total: 400,
          status: 'failed',
          logs: failures.map((description) => ({ description })),
        },
      },
    });
    await eventually(
      async () => (await kubectl(cluster, ['get', 'clusterrole', '-l', 'component=sonobuoy', '-o', 'name'])) === '',
    );
  });
});

describe('a look at certificates', () => {
  it('reads those of control plane nodes and of the API server, and never a key', async () => {
    const pki = join(dir, 'host', 'etc', 'kubernetes', 'pki');
    await mkdir(pki, { recursive: true });
    const authority = await ensureAuthority({ dir: join(dir, 'made'), name: 'ca' });
    const pair = await ensureCertificate({
      dir: join(dir, 'made'),
      name: 'apiserver',
      authority,
      commonName: 'kube-apiserver',
      names: ['127.0.0.1'],
      usages: ['server'],
    });
    await run('cp', [authority.certFile, join(pki, 'ca.crt')]);
    await run('cp', [pair.certFile, join(pki, 'apiserver.crt')]);
    await run('cp', [pair.keyFile, join(pki, 'apiserver.key')]);
    await writeFile(join(pki, 'broken.crt'), '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n');
    const context = testContext(client, { namespace: NAMESPACE });
    const { message } = await scan({ driver: 'certificates', namespaces: [] }, context);
    expect(message).toMatch(/^the first of 3 certificates expires on \d{4}-\d\d-\d\d, in \d+ days$/);
    const text = Buffer.from(context.artifacts.get('report.json')?.bytes ?? []).toString('utf8');
    expect(text).not.toContain('PRIVATE KEY');
    expect(jsonArtifact(context, 'report.json')).toMatchObject({
      machines: [
        { name: 'API server', authorities: [{ name: 'apiserver' }] },
        { name: 'cp-0', authorities: [{ name: 'ca', certificates: [{ name: 'apiserver' }] }] },
      ],
    });
  });
});

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 50_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
