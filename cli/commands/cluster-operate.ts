import { z } from 'zod';

import { CliError, exitCodes } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { createProgress } from '#cli/progress';
import { delay } from '#core/retry';
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { Action, type ScanDriver } from '#protocol/actions';
import { SCAN_REPORT, ScanReport } from '#protocol/scan-report';

import { findCluster, withClient } from './cluster-read.ts';
import type { ApiOptions, OutputOptions } from './options.ts';

export type OperationOptions = ApiOptions & OutputOptions & { readonly project?: string; readonly wait?: boolean };
export type ScanOptions = OperationOptions & {
  readonly driver: Exclude<ScanDriver, 'certificates'>;
  readonly namespace?: string;
  readonly list?: true;
};
export type CertificateOptions = OperationOptions & {
  readonly look?: true;
  readonly renew?: 'control-plane' | 'agent';
};

type Run = Schemas['ClusterAction'];
export interface Place {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly uid: string;
}

const POLL_MS = 1_000;
const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'expired']);
const MOST_LINES = 200;

/** @throws CliError for an action that is wrong, or did not come to a good end */
export async function operate(name: string, action: unknown, options: OperationOptions): Promise<void> {
  const checked = readAction(action);
  await at(name, options, async (place) => {
    const uid = await issue(place, checked);
    if (options.wait === false) {
      tellUid(uid, options);
      return;
    }
    const run = await ended(place, uid);
    if (options.output === 'json') writeJson(run);
    else write(run.message);
  });
}

export async function scan(name: string, options: ScanOptions): Promise<void> {
  const { driver, namespace } = options;
  if (namespace !== undefined && driver !== 'syft')
    throw new CliError('--namespace: only syft looks at single namespaces', { exitCode: exitCodes.usage });
  await at(name, options, async (place) => {
    if (options.list) {
      await listScans(place, options);
      return;
    }
    const spec = { driver, namespaces: namespace === undefined ? [] : [namespace] };
    const uid = await issue(place, { type: 'scan', spec });
    if (options.wait === false) {
      tellUid(uid, options);
      return;
    }
    const run = await ended(place, uid);
    const report = await reportOf(place, uid);
    if (options.output === 'json') {
      writeJson(report);
      return;
    }
    const [head = [], ...rows] = findings(report);
    write(formatTable(head, rows.slice(0, MOST_LINES), 'nothing was found'));
    if (rows.length > MOST_LINES) write(`and ${rows.length - MOST_LINES} more; see them all with --output json`);
    write(run.message);
  });
}

export async function certificates(name: string, options: CertificateOptions): Promise<void> {
  await at(name, options, async (place) => {
    const actions: Action[] = [
      ...(options.renew === undefined ? [] : [{ type: 'renew-certificates' as const, spec: { scope: options.renew } }]),
      ...(options.look ? [{ type: 'scan' as const, spec: { driver: 'certificates' as const, namespaces: [] } }] : []),
    ];
    for (const action of actions) {
      const uid = await issue(place, action);
      if (options.wait === false) {
        tellUid(uid, options);
        return;
      }
      createProgress().note((await ended(place, uid)).message);
    }
    const { machineCertificates = [] } = await place.client.get('/v1/spectroclusters/{uid}/k8certificates', {
      path: { uid: place.uid },
      scope: place.scope,
    });
    if (options.output === 'json') {
      writeJson(machineCertificates);
      return;
    }
    const rows = machineCertificates.flatMap(({ name: machine = '', certificateAuthorities = [] }) =>
      certificateAuthorities.flatMap((authority) => [
        [machine, authority.name ?? '', '', authority.expiry ?? ''],
        ...(authority.certificates ?? []).map((one) => [
          machine,
          authority.name ?? '',
          one.name ?? '',
          one.expiry ?? '',
        ]),
      ]),
    );
    write(
      formatTable(
        ['machine', 'authority', 'certificate', 'expires'],
        rows,
        'nobody looked yet: palette cluster certificates CLUSTER --look',
      ),
    );
  });
}

export async function at(
  name: string,
  options: OperationOptions,
  work: (place: Place) => Promise<void>,
): Promise<void> {
  await withClient(options, async (client, scope) => {
    const { uid } = await findCluster(client, scope, name);
    await work({ client, scope, uid });
  });
}

/** @throws CliError that says which argument is wrong */
function readAction(action: unknown): Action {
  const read = Action.safeParse(action);
  if (read.success) return read.data;
  const [issueFound] = read.error.issues;
  throw new CliError(
    `${issueFound?.path.at(-1)?.toString() ?? 'action'}: ${issueFound?.message ?? z.prettifyError(read.error)}`,
    {
      exitCode: exitCodes.usage,
    },
  );
}

async function issue({ client, scope, uid }: Place, action: Action): Promise<string> {
  const asked = await client.post('/v1/spectroclusters/{uid}/actions', { path: { uid }, body: action, scope });
  return asked.uid;
}

export function tellUid(uid: string, options: OperationOptions): void {
  if (options.output === 'json') writeJson({ uid });
  else write(`asked for: action ${uid}`);
}

/** Waits and tells each step. The agent goes on where this command is ended. @throws CliError when it did not end well */
export async function ended(
  { client, scope, uid }: Place,
  runUid: string,
  {
    timeoutMs = Number.POSITIVE_INFINITY,
    isComplete = () => true,
  }: {
    readonly timeoutMs?: number;
    /** Whether all that a run brings is there: what is large may come after its end. */
    readonly isComplete?: (run: Run) => boolean;
  } = {},
): Promise<Run> {
  const progress = createProgress();
  const until = performance.now() + timeoutMs;
  let told = '';
  for (;;) {
    const run = await client.get('/v1/spectroclusters/{uid}/actions/{runUid}', { path: { uid, runUid }, scope });
    if (run.phase === 'done' && isComplete(run)) return run;
    if (run.phase !== 'done' && ENDED.has(run.phase))
      throw new CliError([`${run.type} ${run.phase}`, ...(run.message === '' ? [] : [run.message])].join(': '));
    const step = run.step || (run.phase === 'queued' ? 'waits for the agent' : run.phase);
    if (step !== told) progress.note(step);
    told = step;
    if (performance.now() > until)
      throw new CliError(`the action has not ended within ${Math.round(timeoutMs / 1000)} s: ${step}`, {
        hint: `It goes on; it is action ${runUid}.`,
      });
    await delay(POLL_MS);
  }
}

/** What an agent brought comes soon after it says that it is done. @throws CliError when it does not come */
async function reportOf({ client, scope, uid }: Place, runUid: string): Promise<ScanReport> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const run = await client.get('/v1/spectroclusters/{uid}/actions/{runUid}', { path: { uid, runUid }, scope });
    if (run.artifacts?.some(({ name }) => name === SCAN_REPORT)) {
      const bytes = await client.get('/v1/spectroclusters/{uid}/actions/{runUid}/artifacts/{name}', {
        path: { uid, runUid, name: SCAN_REPORT },
        scope,
      });
      return ScanReport.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    }
    await delay(POLL_MS);
  }
  throw new CliError('the scan is done, but its report did not reach the plane yet', {
    hint: `See later: palette cluster scan --list`,
  });
}

async function listScans({ client, scope, uid }: Place, options: OperationOptions): Promise<void> {
  const { items } = await client.get('/v1/spectroclusters/{uid}/actions', {
    path: { uid },
    query: { types: 'scan' },
    scope,
  });
  if (options.output === 'json') {
    writeJson(items);
    return;
  }
  write(
    formatTable(
      ['at', 'driver', 'phase', 'found', 'uid'],
      items.map((run) => [run.createdAt, driverOf(run), run.phase, run.message, run.uid]),
      'no scans',
    ),
  );
}

function driverOf({ spec, scheduleId }: Run): string {
  const driver = z.object({ driver: z.string() }).safeParse(spec);
  return driver.success ? driver.data.driver : (scheduleId?.replace(/^scan-/, '') ?? '');
}

/** What a person acts on; the first line names the columns. */
function findings(report: ScanReport): readonly (readonly string[])[] {
  switch (report.driver) {
    case 'kube-bench':
      return [
        ['report', 'check', 'state', 'description'],
        ...Object.values(report.reports).flatMap(({ name, logs }) =>
          logs
            .filter(({ state }) => state === 'FAIL')
            .map((log) => [name, log.testId, log.state, log.description.slice(0, 100)]),
        ),
      ];
    case 'kube-hunter':
      return [
        ['id', 'severity', 'vulnerability'],
        ...Object.values(report.reports).flatMap(({ logs }) =>
          logs.map((log) => [log.testId, log.severity, log.vulnerability]),
        ),
      ];
    case 'sonobuoy':
      return [
        ['plugin', 'state', 'test'],
        ...Object.values(report.reports).flatMap(({ plugin, logs }) =>
          logs.map((log) => [plugin, log.state, log.description]),
        ),
      ];
    case 'syft':
      return [
        ['image', 'state', 'packages'],
        ...report.images.map(({ image, state, dependencies, message }) => [
          image,
          state,
          message || String(dependencies.length),
        ]),
      ];
    case 'certificates':
      return [
        ['machine', 'authority', 'expires'],
        ...report.machines.flatMap(({ name, authorities }) =>
          authorities.map((one) => [name, one.name, one.expiresAt]),
        ),
      ];
  }
}
