import { type ServiceAction, type ServiceStatus, callControl } from '#cli/local/control';
import { home } from '#cli/local/home';
import { formatTable, write, writeJson } from '#cli/output';

import type { HomeOptions, OutputOptions } from './options.ts';

export async function listServices(options: HomeOptions & OutputOptions): Promise<void> {
  const services = await callControl(home(options.home).socket, { kind: 'list' });
  if (options.output === 'json') writeJson(services);
  else write(table(services));
}

export async function actOnService(service: string, action: ServiceAction, options: HomeOptions): Promise<void> {
  const services = await callControl(home(options.home).socket, { kind: 'act', service, action });
  process.stderr.write(`${table(services.filter(({ name }) => name === service))}\n`);
}

function table(services: readonly ServiceStatus[]): string {
  return formatTable(
    ['name', 'state', 'pid'],
    services.map(({ name, state, pid }) => [name, state, pid === undefined ? '' : String(pid)]),
    'no service',
  );
}
