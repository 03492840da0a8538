/** Scans, certificates, patches and the time zone as users of the API see them; the agent's part is played. */
import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadReports } from '#plane/domain/scans/scan-store';
import { Command } from '#protocol/command';
import type { ActionReport } from '#protocol/report';
import { ScanReport } from '#protocol/scan-report';

import { registerAgent, type TestAgent } from './fleet-agent.ts';
import { importCluster } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

let plane: TestPlane;
let uid: string;
let agent: TestAgent;

beforeAll(async () => {
  plane = await startTestPlane();
  uid = await importCluster(plane, 'scanned');
  agent = await registerAgent(plane, uid);
}, 60_000);

afterAll(async () => plane?.stop());

const call = async (method: string, path: string, body?: object): Promise<Answer> =>
  plane.call(`/v1/spectroclusters/${uid}${path}`, { method, ...(body === undefined ? {} : { body }) });

async function commands(after = 0): Promise<readonly Command[]> {
  const { body } = await agent.call(
    `/v1/agents/self/commands?after=${after}&types=action/scan,action/renew-certificates`,
  );
  return Command.array().parse(body.items);
}

function report(run: Partial<ActionReport> & Pick<ActionReport, 'runId' | 'phase'>): ActionReport {
  return {
    id: randomUUID(),
    clusterUid: agent.credentials.clusterUid,
    sentAt: new Date().toISOString(),
    kind: 'action',
    sequence: 1,
    type: 'scan',
    origin: 'command',
    step: '',
    startedAt: new Date().toISOString(),
    message: '',
    ...run,
  };
}

async function put(runId: string, name: string, content: string): Promise<void> {
  const { status } = await agent.call(
    `/v1/agents/self/actions/${runId}/artifacts/${name}?contentType=application/json`,
    {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      bytes: Buffer.from(content),
    },
  );
  expect(status).toBe(204);
}

/** As an agent does when a run is done. */
async function finish(runId: string, found: ScanReport, more: Partial<ActionReport> = {}): Promise<void> {
  await agent.report(report({ runId, phase: 'done', endedAt: new Date().toISOString(), message: 'looked', ...more }));
  await put(runId, 'report.json', JSON.stringify(ScanReport.parse(found)));
}

const at = '2026-03-01T00:00:00.000Z';
const bench: ScanReport = {
  driver: 'kube-bench',
  at,
  reports: {
    'cp-0/master': {
      name: 'cp-0/master',
      type: 'cis-1.9',
      pass: 1,
      fail: 1,
      warn: 0,
      info: 0,
      logs: [
        {
          testId: '1.1.1',
          description: '=cmd()',
          expected: 'a',
          remediation: 'say "no", then go',
          state: 'FAIL',
          value: '',
        },
        { testId: '1.1.2', description: 'files', expected: '', remediation: '', state: 'PASS', value: '' },
      ],
    },
  },
};

describe('scans on demand', () => {
  const onDemand = async (body: object): Promise<Answer> => call('POST', '/features/complianceScan/onDemand', body);
  const logs = async (): Promise<Answer['body']> => (await call('GET', '/features/complianceScan/logs/drivers')).body;

  it('ask the agent for one scan by each driver, and show what each found', async () => {
    const asked = await onDemand({
      kubeBench: { runScan: true },
      syft: { runScan: true, config: { scope: 'namespace', namespace: 'shop', format: 'spdx-json' } },
      sonobuoy: { runScan: false },
    });
    expect(asked.status).toBe(201);
    const issued = (await commands()).flatMap((command) => (command.type === 'action' ? [command] : []));
    expect(issued.map(({ action }) => action)).toEqual([
      { type: 'scan', spec: { driver: 'kube-bench', namespaces: [] } },
      { type: 'scan', spec: { driver: 'syft', namespaces: ['shop'], format: 'spdx-json' } },
    ]);
    const [benchRun, syftRun] = issued.map(({ id }) => id);
    let seen = await logs();
    expect(seen['kubeBenchLogs']?.[0]?.['status']).toMatchObject({ state: 'Initiated', requestUid: asked.body.uid });
    expect(seen['sonobuoyLogs']).toEqual([]);

    await agent.report(report({ runId: benchRun ?? '', phase: 'running', sequence: 0 }));
    expect((await logs())['kubeBenchLogs']?.[0]?.['status']['state']).toBe('InProgress');
    await finish(benchRun ?? '', bench);
    seen = await logs();
    expect(seen['kubeBenchLogs']?.[0]?.['status']).toMatchObject({
      state: 'Completed',
      reports: { 'cp-0/master': { pass: 1, fail: 1, logs: [] } },
    });
    const one = await call('GET', `/features/complianceScan/logs/${benchRun}/drivers/kubeBench`);
    expect(one.body.status.reports['cp-0/master'].logs).toHaveLength(2);
    const other = await call('GET', `/features/complianceScan/logs/${benchRun}/drivers/kubeBench?reportId=none`);
    expect(other.body.status.reports).toEqual({});
    expect((await call('GET', `/features/complianceScan/logs/${benchRun}/drivers/kubeHunter`)).status).toBe(404);

    const image = 'registry.example/web:1';
    await finish(syftRun ?? '', {
      driver: 'syft',
      at,
      format: 'spdx-json',
      images: [
        {
          image,
          contexts: [],
          state: 'Completed',
          message: '',
          artifact: 'sbom-0.json',
          dependencies: [{ name: 'openssl', type: 'deb', version: '3' }],
        },
        { image: 'gone', contexts: [], state: 'Failed', message: 'no', dependencies: [] },
      ],
    });
    await put(syftRun ?? '', 'sbom-0.json', '{"spdx":1}');
    const sbom = (of: string): string =>
      `/features/complianceScan/logs/${syftRun}/drivers/syft/sbom?image=${encodeURIComponent(of)}`;
    expect(Buffer.from((await call('GET', sbom(image))).bytes).toString()).toBe('{"spdx":1}');
    expect((await call('GET', sbom('gone'))).status).toBe(404);
    const syft = await call('GET', `/features/complianceScan/logs/${syftRun}/drivers/syft`);
    expect(syft.body.status).toMatchObject({
      scanContext: { scope: 'namespace', namespace: 'shop', format: 'spdx-json' },
      reports: [
        { image, isSBOMExist: true, dependencies: [{ name: 'openssl' }] },
        { isSBOMExist: false, state: 'Failed' },
      ],
    });
  });

  it('are files, too: JSON as it is, CSV without formulas', async () => {
    const [newest] = (await logs())['kubeBenchLogs'] ?? [];
    const file = async (format: string): Promise<Answer> =>
      call(
        'GET',
        `/features/complianceScan/logs/${newest?.['metadata'].uid}/drivers/kubeBench/download?fileFormat=${format}`,
      );
    expect(JSON.parse(Buffer.from((await file('json')).bytes).toString())).toEqual(bench);
    expect(
      Buffer.from((await file('csv')).bytes)
        .toString()
        .split('\r\n')[1],
    ).toBe(`cp-0/master,1.1.1,FAIL,'=cmd(),a,,"say ""no"", then go"`);
    expect((await file('pdf')).status).toBe(422);
  });

  it('say what is wrong with the request', async () => {
    expect((await onDemand({})).body.message).toContain('no scan is asked for');
    expect((await onDemand({ syft: { runScan: true, config: { scope: 'pod', namespace: 'a' } } })).body.message).toBe(
      'syft.config.podName: needed for the scope pod',
    );
  });

  it('are removed when they are over, and not before', async () => {
    await onDemand({ kubeHunter: { runScan: true } });
    const [hunter] = (await logs())['kubeHunterLogs'] ?? [];
    const path = `/features/complianceScan/logs/${hunter?.['metadata'].uid}`;
    expect((await call('DELETE', path)).body.code).toBe('ScanUnderWay');
    await agent.report(report({ runId: hunter?.['metadata'].uid, phase: 'failed', message: 'no image' }));
    expect((await logs())['kubeHunterLogs']?.[0]?.['status']).toMatchObject({ state: 'Failed', message: 'no image' });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await logs())['kubeHunterLogs']).toEqual([]);
  });

  it('show a report of another form as none, whatever an agent sends', async () => {
    await onDemand({ kubeHunter: { runScan: true } });
    const [hunter] = (await logs())['kubeHunterLogs'] ?? [];
    const runId: string = hunter?.['metadata'].uid;
    await agent.report(report({ runId, phase: 'done' }));
    for (const bytes of ['{', '{"driver":"kube-hunter","reports":7}', JSON.stringify(bench)]) {
      await put(runId, 'report.json', bytes);
      const { status, body } = await call('GET', `/features/complianceScan/logs/${runId}/drivers/kubeHunter`);
      expect([status, body.status.reports]).toEqual([200, {}]);
    }
  });
});

describe('reports', () => {
  it('are read together only so far, the newest first, whatever agents bring', async () => {
    const runIds = [randomUUID(), randomUUID(), randomUUID()];
    for (const runId of runIds) await finish(runId, bench, { origin: 'schedule', scheduleId: 'scan-kube-bench' });
    const size = Buffer.byteLength(JSON.stringify(bench));
    const read = async (mostBytes: number): Promise<readonly string[]> =>
      plane.database
        .forTenant(plane.tenantUid)
        .transaction(async (tx) => [...(await loadReports(tx, runIds, mostBytes)).keys()], { readOnly: true });
    expect(new Set(await read(size * 3))).toEqual(new Set(runIds));
    expect(new Set(await read(size * 2))).toEqual(new Set(runIds.slice(1)));
    // One is read, however large.
    expect(await read(1)).toEqual(runIds.slice(2));
  });
});

describe('schedules', () => {
  it('reach the agent with the time zone of the cluster', async () => {
    expect((await call('PATCH', '/clusterConfig/timezone', { timezone: 'Europe/Rome' })).status).toBe(204);
    expect(
      (
        await call('POST', '/features/complianceScan', {
          kubeBench: { schedule: { scheduledRunTime: '0 1 * * *' } },
          sonobuoy: { schedule: { scheduledRunTime: '' } },
        })
      ).status,
    ).toBe(201);
    const onDemandPatchAfter = '2031-05-01T10:00:00.000Z';
    const osPatchConfig = { patchOnBoot: true, rebootIfRequired: true, schedule: '0 3 * * 0', onDemandPatchAfter };
    expect((await call('PATCH', '/clusterConfig/osPatch', { osPatchConfig })).status).toBe(204);
    const { dayTwo } = await agent.desiredState();
    expect(dayTwo).toMatchObject({ timezone: 'Europe/Rome', windows: [] });
    expect(dayTwo?.schedules).toEqual([
      {
        id: 'scan-kube-bench',
        cron: '0 1 * * *',
        action: { type: 'scan', spec: { driver: 'kube-bench', namespaces: [] } },
      },
      { id: 'patch-os-boot', action: { type: 'patch-os', spec: { rebootIfRequired: true, unpatchedOnly: true } } },
      { id: 'patch-os', cron: '0 3 * * 0', action: { type: 'patch-os', spec: { rebootIfRequired: true } } },
      {
        id: `patch-os-${onDemandPatchAfter}`,
        at: onDemandPatchAfter,
        action: { type: 'patch-os', spec: { rebootIfRequired: true } },
      },
    ]);
  });

  it('are refused where an agent could not follow them', async () => {
    const scan = await call('PUT', '/features/complianceScan', {
      kubeHunter: { schedule: { scheduledRunTime: '0 25 * * *' } },
    });
    expect([scan.status, scan.body.message]).toEqual([
      422,
      expect.stringContaining("kube-hunter: schedule.scheduledRunTime: hour: '25'"),
    ]);
    const patch = await call('PATCH', '/clusterConfig/osPatch', { osPatchConfig: { schedule: 'daily' } });
    expect([patch.status, patch.body.message]).toEqual([422, expect.stringContaining('osPatchConfig.schedule')]);
    const zone = await call('PATCH', '/clusterConfig/timezone', { timezone: 'Mars/Olympus' });
    expect([zone.status, zone.body.code]).toEqual([422, 'InvalidTimezone']);
    expect((await agent.desiredState()).dayTwo?.timezone).toBe('Europe/Rome');
  });

  it('run of a schedule is known as a scan by its driver', async () => {
    const runId = randomUUID();
    await agent.report(
      report({ runId, phase: 'running', origin: 'schedule', scheduleId: 'scan-kube-bench', sequence: 0 }),
    );
    const { body } = await call('GET', `/features/complianceScan/logs/${runId}/drivers/kubeBench`);
    expect(body.status).toMatchObject({ state: 'InProgress', actor: { actorType: 'schedule' }, requestUid: runId });
  });
});

describe('certificates', () => {
  it('are renewed by the agent, and shown as it saw them last', async () => {
    expect((await call('GET', '/k8certificates')).body).toEqual({ machineCertificates: [] });
    const before = (await commands()).length;
    expect((await call('PATCH', '/k8certificates/renew')).status).toBe(204);
    const renew = (await commands())[before];
    expect(renew).toMatchObject({
      type: 'action',
      action: { type: 'renew-certificates', spec: { scope: 'control-plane' } },
    });
    const machines = [
      {
        name: 'cp-0',
        authorities: [
          {
            name: 'ca',
            expiresAt: '2035-01-01T00:00:00.000Z',
            certificates: [{ name: 'apiserver', expiresAt: '2027-01-01T00:00:00.000Z' }],
          },
        ],
      },
    ];
    await finish(renew?.id ?? '', { driver: 'certificates', at, machines }, { type: 'renew-certificates' });
    expect((await call('GET', '/k8certificates')).body).toEqual({
      machineCertificates: [
        {
          name: 'cp-0',
          certificateAuthorities: [
            {
              name: 'ca',
              expiry: '2035-01-01T00:00:00.000Z',
              certificates: [{ name: 'apiserver', expiry: '2027-01-01T00:00:00.000Z' }],
            },
          ],
        },
      ],
    });
  });
});
