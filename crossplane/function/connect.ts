/** From the provider configuration that a composite names to a way to its API. */
import type { KubeClient } from '#kubernetes/client';
import type { Scope } from '#openapi/client/index';

import { readSettings, secretOf } from '../controller/runtime/provider-configs/settings.ts';
import { CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from '../schema/groups.ts';
import type { Composite } from './composite.ts';
import type { Connections } from './connections.ts';
import type { Input } from './input.ts';
import type { Lookups } from './lookups.ts';
import { resolved, type Outcome } from './outcome.ts';
import type { Required, Selector } from './required.ts';

/** An API that answers, in the scopes of the configuration. */
export interface Api {
  readonly lookups: Lookups;
  readonly scopeOf: (context: 'project' | 'tenant') => Scope;
}

export type Asked = { readonly kind: 'asked' };

/** Which Secret each configuration names, as it was seen last: asking for both at once spares a round. */
export interface KnownSecrets {
  get(config: string): Selector | undefined;
  set(config: string, secret: Selector): void;
}

const MAX_KNOWN = 1_000;

export function createKnownSecrets(): KnownSecrets {
  const known = new Map<string, Selector>();
  return {
    get: (config) => known.get(config),
    set: (config, secret) => {
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(config, secret);
    },
  };
}

export interface ConfigRef {
  readonly kind?: 'ProviderConfig' | 'ClusterProviderConfig' | undefined;
  readonly name: string;
}

/** Which object a composite's `providerConfigRef` means, or the Composition's where it has none. */
export function configSelector({ kind, object }: Composite, ref: ConfigRef | undefined, input: Input): Selector {
  const { kind: refKind = 'ClusterProviderConfig', name } = ref ?? input.providerConfigRef;
  if (kind.scope === 'LegacyCluster')
    return { apiVersion: `${CLUSTER_GROUP}/${VERSION}`, kind: 'ProviderConfig', name };
  return {
    apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
    kind: refKind,
    name,
    ...(refKind === 'ProviderConfig' ? { namespace: object.metadata.namespace } : {}),
  };
}

/** Connects as the configuration says. `asked`: Crossplane has to bring objects first. */
export async function connect(
  selector: Selector,
  {
    required,
    connections,
    secrets,
  }: { readonly required: Required; readonly connections: Connections; readonly secrets: KnownSecrets },
): Promise<Outcome<Api> | Asked> {
  const config = required.ask('provider-config', selector);
  const key = `${selector.apiVersion} ${selector.kind} ${selector.namespace ?? ''} ${selector.name}`;
  const guess = secrets.get(key);
  if (config.kind === 'asked') {
    if (guess !== undefined) required.ask('credentials', guess);
    return { kind: 'asked' };
  }
  if (config.kind === 'absent') {
    const where = selector.namespace === undefined ? '' : ` in namespace ${selector.namespace}`;
    return {
      kind: 'unavailable',
      reason: 'ProviderConfigNotFound',
      message: `There is no ${selector.kind} "${selector.name}"${where}; make it, or name another one in spec.providerConfigRef`,
    };
  }
  const ref = secretOf(config.object);
  const { name, namespace } = ref ?? {};
  const wanted = name === undefined ? undefined : { apiVersion: 'v1', kind: 'Secret', name, namespace };
  if (wanted !== undefined) secrets.set(key, wanted);
  const secret = wanted === undefined ? ({ kind: 'absent' } as const) : required.ask('credentials', wanted);
  if (secret.kind === 'asked') return secret;
  const found = secret.kind === 'found' ? secret.object : undefined;
  // as: of the cluster the settings need this one object, which Crossplane has brought
  const kube = { get: async () => Promise.resolve(found) } as Partial<KubeClient> as KubeClient;
  const outcome = await readSettings(kube, config.object, { signal: AbortSignal.timeout(1_000) });
  if (outcome.kind === 'failed') return { kind: 'unavailable', reason: outcome.reason, message: outcome.message };
  let lookups: Lookups;
  try {
    lookups = connections.open(outcome.settings);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return {
      kind: 'unavailable',
      reason: 'CredentialsInvalid',
      message: `${selector.kind} "${selector.name}": ${error.message}`,
    };
  }
  const verified = await lookups.verify();
  if (verified.kind === 'failed') return { kind: 'unavailable', reason: verified.reason, message: verified.message };
  const { projectUid } = verified;
  return resolved({
    lookups,
    scopeOf: (context) =>
      context === 'tenant' || projectUid === '' ? { kind: 'tenant' } : { kind: 'project', projectUid },
  });
}
