/** A provider configuration of provider-palette, and the Secret with its credentials, become ours. */
import { CLUSTER_GROUP, CREDENTIALS_KEYS, NAMESPACED_GROUP, VERSION } from '../schema/groups.ts';
import type { KindScope } from '../schema/kinds.ts';
import { type JsonMap, isMap, mapAt } from '#kubernetes/object';

import type { Migrated } from './managed.ts';
import { moveMetadata } from './metadata.ts';
import type { Finding, Path } from './report.ts';
import type { SourceObject } from './source.ts';

/** Added to the name of a Secret: the old one stays as it is, for provider-palette. */
const SUFFIX = '-palette-iac';

/** Names the Secret that is written for a key of one of provider-palette's. */
export type NameSecret = (namespace: string, name: string, key: string) => string;

/** Ours have one API key each: those for a second key of the same Secret are numbered, in the order of their use. */
export function createSecretNames(): NameSecret {
  const seen = new Map<string, string[]>();
  return (namespace, name, key) => {
    const id = `${namespace}/${name}`;
    const keys = seen.get(id) ?? [];
    if (!keys.includes(key)) keys.push(key);
    seen.set(id, keys);
    const index = keys.indexOf(key);
    return `${name}${index === 0 ? '' : `-${index + 1}`}${SUFFIX}`;
  };
}

export interface ConfigTarget {
  readonly configKind: 'ProviderConfig' | 'ClusterProviderConfig';
  readonly scope: KindScope;
}

export interface ConfigOptions {
  /** Secrets of the input by `namespace/name`. */
  readonly secrets: ReadonlyMap<string, SourceObject>;
  /** For configurations whose Secret is not in the input: the project; empty for the tenant alone. */
  readonly project: string | undefined;
  readonly nameSecret: NameSecret;
}

/** What provider-palette reads from the Secret: JSON with text values. */
interface Credentials {
  readonly host: string | undefined;
  readonly apiKey: string | undefined;
  readonly project: string | undefined;
  readonly insecure: boolean;
}

export function migrateProviderConfig(source: SourceObject, target: ConfigTarget, options: ConfigOptions): Migrated {
  const { metadata, findings: moved } = moveMetadata(source);
  const findings: Finding[] = [...moved];
  const report = (level: Finding['level'], path: Path, message: string): void => {
    findings.push(source.finding(level, path, message));
  };
  const credentials = mapAt(source.value, 'spec', 'credentials');
  const at: Path = ['spec', 'credentials'];
  const reference = mapAt(credentials, 'secretRef');
  const { name, key } = reference;
  if (credentials['source'] !== 'Secret' || typeof name !== 'string' || typeof key !== 'string') {
    report(
      'lost',
      [...at, 'source'],
      `credentials come from a Secret here, not from ${String(credentials['source'])}: write a ${target.configKind} of your own`,
    );
    return { manifests: [], findings };
  }
  for (const field of Object.keys(mapAt(source.value, 'spec'))) {
    if (field !== 'credentials') report('lost', ['spec', field], 'there is no such field here');
  }
  for (const field of ['env', 'fs']) {
    if (credentials[field] !== undefined) report('lost', [...at, field], 'has no meaning with the source Secret');
  }
  const local = target.scope === 'Namespaced' && target.configKind === 'ProviderConfig';
  const namespace = local ? metadata['namespace'] : reference['namespace'];
  if (typeof namespace !== 'string' && !local) {
    report('action', [...at, 'secretRef'], 'names no namespace: it was left out');
    return { manifests: [], findings };
  }
  const where = typeof namespace === 'string' ? namespace : 'default';
  const secretName = options.nameSecret(where, name, key);
  const secret = options.secrets.get(`${where}/${name}`);
  const read = secret === undefined ? undefined : readCredentials(secret, key);
  findings.push(...(read?.findings ?? []));
  const found = read?.credentials;
  const project = found === undefined ? options.project : found.project;
  const create = `kubectl -n ${where} create secret generic ${secretName} --from-file=${CREDENTIALS_KEYS.apiKey}=FILE`;
  if (found === undefined) {
    if (options.project === undefined) {
      report(
        'action',
        [...at, 'secretRef'],
        `it was left out, since only its Secret tells the project: give Secret ${where}/${name} as well, or --project`,
      );
      return { manifests: [], findings };
    }
    report(
      'action',
      [...at, 'secretRef'],
      `make its Secret, with the API key in FILE: ${create} --from-literal=${CREDENTIALS_KEYS.host}=HOST`,
    );
  } else {
    report('changed', [...at, 'secretRef'], `refers to a Secret of its own, ${secretName}`);
    if (found.apiKey === undefined) report('action', [...at, 'secretRef'], `the Secret holds no API key: ${create}`);
    if (found.project === undefined) {
      report('action', [], 'names no project: what lives in a project is not found until spec.project says which one');
    }
  }
  const apiVersion = `${target.scope === 'Namespaced' ? NAMESPACED_GROUP : CLUSTER_GROUP}/${VERSION}`;
  const { annotations, ...rest } = metadata;
  const manifest: JsonMap = {
    apiVersion,
    kind: target.configKind,
    metadata: { ...rest, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      ...(found?.host === undefined ? {} : { host: found.host }),
      ...(project === undefined || project === '' ? {} : { project }),
      ...(found?.insecure === true ? { ignoreInsecureTlsError: true } : {}),
      credentials: { source: 'Secret', secretRef: { name: secretName, ...(local ? {} : { namespace }) } },
    },
  };
  if (found?.apiKey === undefined) return { manifests: [manifest], findings };
  const made: JsonMap = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, ...(typeof namespace === 'string' ? { namespace } : {}) },
    type: 'Opaque',
    stringData: { [CREDENTIALS_KEYS.apiKey]: found.apiKey },
  };
  return { manifests: [made, manifest], findings };
}

/** Never puts a value of the Secret into a finding. */
function readCredentials(
  secret: SourceObject,
  key: string,
): { readonly credentials: Credentials | undefined; readonly findings: readonly Finding[] } {
  const plain = mapAt(secret.value, 'stringData')[key];
  const encoded = mapAt(secret.value, 'data')[key];
  const at: Path = [typeof plain === 'string' ? 'stringData' : 'data', key];
  const content = typeof plain === 'string' ? plain : decode(encoded);
  const parsed = content === undefined ? undefined : parseJson(content);
  if (!isMap(parsed)) {
    const message = content === undefined ? 'there is no such key' : 'is no JSON object, as provider-palette needs it';
    return { credentials: undefined, findings: [secret.finding('action', at, message)] };
  }
  const findings: Finding[] = [];
  const text = (name: string): string | undefined => {
    const value = parsed[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  for (const name of Object.keys(parsed)) {
    if (['api_key', 'host', 'project_name', 'ignore_insecure_tls_error'].includes(name)) continue;
    const message =
      name === 'retry_attempts' || name === 'trace'
        ? `${name} has no counterpart: calls are repeated for as long as it makes sense, and --log-level debug shows them`
        : `${name} has no counterpart`;
    findings.push(secret.finding('lost', at, message));
  }
  const host = text('host');
  if (host === undefined) findings.push(secret.finding('action', at, 'names no host: write it into spec.host'));
  return {
    credentials: {
      host: host?.replace(/^https:\/\//, '').replace(/\/+$/, ''),
      apiKey: text('api_key'),
      project: text('project_name'),
      insecure: ['true', '1'].includes(String(parsed['ignore_insecure_tls_error'])),
    },
    findings,
  };
}

function decode(value: unknown): string | undefined {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
