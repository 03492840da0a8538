/** What a provider configuration says, and the credentials that its Secret holds. */
import { z } from 'zod';

import type { KubeClient } from '#kubernetes/client';
import { describeRef, refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { secretData, secretRef } from '#kubernetes/secret';

import type { ConnectFailure } from '../../contracts.ts';
import { CREDENTIALS_KEYS } from '../../../schema/groups.ts';
import { ConfigSpec, RateLimit } from '../../../schema/provider-config.ts';

/** Everything that a connection is made from. */
export interface Settings {
  readonly host: string;
  readonly apiKey: string;
  readonly ca: string | undefined;
  readonly insecure: boolean;
  /** Name of the project; absent: the tenant alone. */
  readonly project: string | undefined;
  readonly rateLimit: z.infer<typeof RateLimit>;
  /** Changes when the Secret changes. */
  readonly secretVersion: string;
}

export type SettingsOutcome = { readonly kind: 'settings'; readonly settings: Settings } | ConnectFailure;

/** The Secret that a configuration names, if it names one in the right way. One in a namespace has its own only. */
export function secretOf(config: KubeObject): ObjectRef | undefined {
  const spec = ConfigSpec.safeParse(config['spec']);
  const namespace = config.metadata.namespace ?? spec.data?.credentials.secretRef.namespace;
  return spec.success && namespace !== undefined
    ? secretRef(namespace, spec.data.credentials.secretRef.name)
    : undefined;
}

/** Reads the Secret that the configuration names. @throws KubeError when the API server does not answer */
export async function readSettings(
  kube: KubeClient,
  config: KubeObject,
  options: { readonly signal: AbortSignal },
): Promise<SettingsOutcome> {
  const parsed = ConfigSpec.safeParse(config['spec']);
  const what = describeRef(refOf(config));
  if (!parsed.success) return invalid(`${what}: spec is not as it should be: ${z.prettifyError(parsed.error)}`);
  const ref = secretOf(config);
  if (!ref) return invalid(`${what}: spec.credentials.secretRef.namespace: name the namespace of the Secret`);
  const secret = await kube.get(ref, options);
  if (!secret) {
    const message = `${what}: spec.credentials.secretRef: there is no ${describeRef(ref)}; make it, with key apiKey`;
    return { ...invalid(message), lacksSecret: true };
  }
  const data = secretData(secret);
  const text = (key: string): string | undefined => {
    const found = data.get(key)?.toString('utf8').trim();
    return found === '' ? undefined : found;
  };
  const keys = [...data.keys()].toSorted().join(', ');
  const apiKey = text(CREDENTIALS_KEYS.apiKey);
  if (apiKey === undefined) {
    return invalid(`${describeRef(ref)} has no key ${CREDENTIALS_KEYS.apiKey}: it has ${keys === '' ? 'none' : keys}`);
  }
  const { host = text(CREDENTIALS_KEYS.host), project, ignoreInsecureTlsError, rateLimit = {} } = parsed.data;
  if (host === undefined) {
    return invalid(`${what}: no host: set spec.host, or key ${CREDENTIALS_KEYS.host} of ${describeRef(ref)}`);
  }
  return {
    kind: 'settings',
    settings: {
      host,
      apiKey,
      ca: text(CREDENTIALS_KEYS.ca),
      insecure: ignoreInsecureTlsError,
      project,
      rateLimit: RateLimit.parse(rateLimit),
      secretVersion: secret.metadata.resourceVersion ?? '',
    },
  };
}

function invalid(message: string): ConnectFailure {
  return { kind: 'failed', reason: 'CredentialsInvalid', message };
}
