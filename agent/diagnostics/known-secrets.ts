/** Which values must not be seen, as far as the agent itself knows them. */
import { parseAllDocuments } from 'yaml';

import type { DesiredState } from '#protocol/desired-state';

import type { Identity } from '../identity/identity.ts';
import { isSecretName } from './redact.ts';

/** Values of variables and macros shorter than this are words such as `eu-west-1`, not secrets. */
const LEAST_VALUE = 8;
const MAX_DEPTH = 32;

/** The agent's own credentials, those of backup locations, all values that users gave, and what secret names hold in packs' values. */
export function* knownSecrets(
  identity: Identity | undefined,
  document: DesiredState | undefined,
): Generator<string, void> {
  if (identity) {
    yield identity.seed;
    yield identity.credentials.accessToken;
    if (identity.credentials.bus) yield identity.credentials.bus.jwt;
  }
  if (!document) return;
  const { context, layers, dayTwo } = document;
  for (const value of [...Object.values(context.variables), ...Object.values(context.macros)]) {
    if (value.length >= LEAST_VALUE) yield value;
  }
  for (const { credentials, config } of dayTwo?.backupLocations ?? []) {
    if (credentials !== undefined) yield credentials;
    yield* underSecretNames(config);
  }
  for (const { values, variables = {}, manifests } of layers) {
    for (const value of Object.values(variables)) if (value.length >= LEAST_VALUE) yield value;
    for (const text of [values, ...manifests.map(({ content }) => content)]) yield* inYaml(text);
  }
}

function* inYaml(text: string): Generator<string, void> {
  let documents: readonly { toJS(): unknown }[];
  try {
    const parsed: unknown = parseAllDocuments(text, { logLevel: 'silent' });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch {
    return;
  }
  for (const document of documents) {
    let value: unknown;
    try {
      value = document.toJS();
    } catch {
      // Templates are not YAML before they are rendered.
      continue;
    }
    if (isSecretObject(value)) {
      for (const part of ['data', 'stringData'] as const) yield* leaves(value[part]);
    } else {
      yield* underSecretNames(value);
    }
  }
}

function isSecretObject(value: unknown): value is { readonly data?: unknown; readonly stringData?: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Secret';
}

function* underSecretNames(value: unknown, depth = 0): Generator<string, void> {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [name, item] of Object.entries(value)) {
    if (isSecretName(name)) yield* leaves(item, depth + 1);
    else yield* underSecretNames(item, depth + 1);
  }
}

function* leaves(value: unknown, depth = 0): Generator<string, void> {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) yield* leaves(item, depth + 1);
  }
}
