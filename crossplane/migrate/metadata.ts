/** What an object keeps of its metadata. */
import { type JsonMap, SERVER_METADATA, isMap, mapAt } from '#kubernetes/object';
import { ANNOTATIONS } from '../schema/groups.ts';

import type { SourceObject } from './source.ts';
import type { Finding } from './report.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Written again by whoever keeps the object here; keeping the old ones would tell of another controller's work. */
const CREATION: readonly string[] = [ANNOTATIONS.createPending, ANNOTATIONS.createSucceeded, ANNOTATIONS.createFailed];

const KEPT = new Set(['name', 'generateName', 'namespace', 'labels', 'annotations']);

export interface MovedMetadata {
  readonly metadata: JsonMap & { readonly annotations: Readonly<Record<string, string>> };
  readonly findings: readonly Finding[];
}

/** Name, namespace, labels and annotations; the pause and the external name are annotations. */
export function moveMetadata(source: SourceObject): MovedMetadata {
  const metadata = mapAt(source.value, 'metadata');
  const findings: Finding[] = [];
  for (const key of Object.keys(metadata)) {
    if (KEPT.has(key) || SERVER_METADATA.has(key) || key === 'finalizers') continue;
    if (key === 'ownerReferences') {
      const owners = Array.isArray(metadata[key]) ? metadata[key] : [];
      const names = owners.filter(isMap).map(({ kind, name }) => `${String(kind)} ${String(name)}`);
      if (names.length === 0) continue;
      findings.push(
        source.finding(
          'action',
          ['metadata', key],
          `it was made by ${names.join(', ')}, which will make it again and delete what it made: change that first (docs/crossplane.md, "Compositions of your own")`,
        ),
      );
      continue;
    }
    findings.push(source.finding('lost', ['metadata', key], 'is not carried over'));
  }
  const annotations = Object.fromEntries(
    Object.entries(mapAt(metadata, 'annotations')).filter(
      (entry): entry is [string, string] =>
        entry[0] !== LAST_APPLIED && !CREATION.includes(entry[0]) && typeof entry[1] === 'string',
    ),
  );
  const { name, generateName, namespace, labels } = metadata;
  const kept = { name, generateName, namespace, labels };
  return {
    metadata: {
      ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined && value !== null)),
      annotations,
    },
    findings,
  };
}

/** Whether a create was begun whose end is not known. */
export function createIsOpen(source: SourceObject): boolean {
  const annotations = mapAt(source.value, 'metadata', 'annotations');
  const time = (name: string): number => {
    const text = annotations[name];
    return typeof text === 'string' ? Date.parse(text) || 0 : 0;
  };
  const pending = time(ANNOTATIONS.createPending);
  return pending > Math.max(time(ANNOTATIONS.createSucceeded), time(ANNOTATIONS.createFailed));
}
