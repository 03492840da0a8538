import { CliError } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import type { PaletteClient } from '#openapi/client/index';

import type { AlertOptions } from './alert.ts';
import { withClient } from './cluster-read.ts';

const TENANT = { kind: 'tenant' } as const;

export async function list(options: AlertOptions): Promise<void> {
  await withProject(options, async (client, uid) => {
    const { items } = await client.get('/v1/projects/{uid}/alerthistory', { path: { uid }, scope: TENANT });
    if (options.output === 'json') writeJson(items);
    else {
      write(
        formatTable(
          ['time', 'severity', 'reason', 'cluster', 'pending', 'message'],
          items.map((one) => [
            one.time,
            one.severity,
            one.reason,
            one.clusterName ?? '',
            String(one.pending),
            one.message,
          ]),
          'no alerts',
        ),
      );
    }
  });
}

/** @throws CliError when a channel did not take the test, or there is none */
export async function test(component: string, options: AlertOptions): Promise<void> {
  await withProject(options, async (client, uid) => {
    const { items } = await client.post('/v1/projects/{uid}/alerttest/{component}', {
      path: { uid, component },
      scope: TENANT,
    });
    if (options.output === 'json') writeJson(items);
    else {
      write(
        formatTable(
          ['channel', 'to', 'sent', 'message'],
          items.map(({ type, target, isSucceeded, message }) => [type, target, isSucceeded ? 'yes' : 'no', message]),
          'no channels',
        ),
      );
    }
    if (items.length === 0)
      throw new CliError(`${component} of project ${options.project} has no active channel`, {
        hint: 'Make one with the resource spectrocloud_alert.',
      });
    const failed = items.filter(({ isSucceeded }) => !isSucceeded);
    if (failed.length > 0) throw new CliError(`${failed.length} of ${items.length} channels did not take the test`);
  });
}

async function withProject(
  options: AlertOptions,
  work: (client: PaletteClient, projectUid: string) => Promise<void>,
): Promise<void> {
  await withClient(options, async (client, scope) => {
    if (scope.kind !== 'project') throw new CliError('name the project with --project');
    await work(client, scope.projectUid);
  });
}
