/** Every CRD that the controller serves. */
import { resources } from '#resources/index';

import type { CustomResourceDefinition } from './crd.ts';
import { managedKinds } from './kinds.ts';
import { managedCrd } from './managed-crd.ts';
import { configCrd, configKinds, usageCrds } from './provider-config.ts';

export async function allCrds(): Promise<CustomResourceDefinition[]> {
  const managed: CustomResourceDefinition[] = [];
  for (const kind of managedKinds()) managed.push(managedCrd(kind, await resources[kind.type]()));
  return [...managed, ...configKinds.map(configCrd), ...usageCrds()];
}
