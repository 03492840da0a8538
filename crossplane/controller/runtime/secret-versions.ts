/**
 * Notices that a Secret changed which somebody names.
 *
 * Each one is asked for by name and for its metadata alone: to watch them would need the right to read every Secret.
 */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import { isNotFound } from '#kubernetes/error';
import { isMap, mapAt, valueAt, type KubeObject } from '#kubernetes/object';

import type { ObjectKey } from './object-key.ts';

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

export interface SeenSecret {
  /** `gone` when there is none of that name. */
  readonly version: string;
  readonly changed: boolean;
}

export interface SecretVersions {
  /** Notes which Secrets an object names now; none when it is gone. */
  want(owner: ObjectKey, secrets: readonly SecretName[]): void;
  /** Looks again and again until the signal is aborted. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface SecretVersionsOptions {
  readonly kube: KubeClient;
  readonly log: Logger;
  /**
   * Told of each object that names a Secret which was looked at: its version, and whether that is another one than the
   * last time. Must not throw.
   */
  readonly onLook: (owner: ObjectKey, seen: SeenSecret) => void;
  /** From one look to the next, in milliseconds. Default 30 s. */
  readonly intervalMs?: number;
}

const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const GONE = 'gone';

export function createSecretVersions({
  kube,
  log,
  onLook,
  intervalMs = 30_000,
}: SecretVersionsOptions): SecretVersions {
  const wanted = new Map<ObjectKey, readonly string[]>();
  const owners = new Map<string, Set<ObjectKey>>();
  const versions = new Map<string, string>();
  let running: AbortSignal | undefined;

  const check = async (path: string, signal: AbortSignal): Promise<void> => {
    try {
      const version = await versionOf(kube, path, signal);
      const before = versions.get(path);
      const all = owners.get(path);
      if (!all) return;
      versions.set(path, version);
      const changed = before !== undefined && before !== version;
      if (changed) log.info({ secret: path }, 'a secret changed');
      for (const owner of all) onLook(owner, { version, changed });
    } catch (error) {
      if (!signal.aborted) log.debug({ err: error, secret: path }, 'a secret cannot be asked for now');
    }
  };
  return {
    want: (owner, secrets) => {
      const paths = secrets.map(pathOf);
      for (const path of wanted.get(owner) ?? []) {
        if (paths.includes(path)) continue;
        const all = owners.get(path);
        all?.delete(owner);
        if (all?.size !== 0) continue;
        owners.delete(path);
        versions.delete(path);
      }
      if (paths.length === 0) wanted.delete(owner);
      else wanted.set(owner, paths);
      for (const path of paths) {
        const all = owners.get(path);
        if (all) {
          all.add(owner);
          continue;
        }
        owners.set(path, new Set([owner]));
        // Soon, so that a change after the first use is seen as one.
        if (running !== undefined) void check(path, running);
      }
    },
    run: async ({ signal }) => {
      running = signal;
      while (!signal.aborted) {
        for (const path of owners.keys()) {
          if (signal.aborted) return;
          await check(path, signal);
        }
        await delay(intervalMs, { signal }).catch(() => undefined);
      }
    },
  };
}

async function versionOf(kube: KubeClient, path: string, signal: AbortSignal): Promise<string> {
  try {
    return String(valueAt(await kube.read(path, { signal, accept: METADATA }), 'metadata', 'resourceVersion'));
  } catch (error) {
    if (isNotFound(error)) return GONE;
    throw error;
  }
}

function pathOf({ namespace, name }: SecretName): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
}

/** The Secrets that a managed resource takes values from: every `…SecretRef` of what is to be provided. */
export function secretsIn(object: KubeObject): SecretName[] {
  const found = new Map<string, SecretName>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const entry of value) visit(entry);
      return;
    }
    if (!isMap(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (!key.endsWith('SecretRef')) {
        visit(inner);
        continue;
      }
      const { name } = mapAt(inner);
      const namespace = mapAt(inner)['namespace'] ?? object.metadata.namespace;
      if (typeof name === 'string' && typeof namespace === 'string') {
        found.set(`${namespace}/${name}`, { namespace, name });
      }
    }
  };
  visit(valueAt(object, 'spec', 'forProvider'));
  visit(valueAt(object, 'spec', 'initProvider'));
  return [...found.values()];
}
