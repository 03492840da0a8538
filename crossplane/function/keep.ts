/**
 * What is composed stays as it is while the function cannot know what it should be.
 *
 * Crossplane deletes a composed resource that a function leaves out, and takes fields away that were desired before and
 * are no more. So the object has to be said again, with just the fields that were said: the API server keeps a list of
 * them, for each who applies.
 */
import { isMap, mapAt, type JsonMap, type KubeObject } from '#kubernetes/object';

import { ANNOTATIONS } from '../schema/groups.ts';
import type { DesiredObject } from './managed.ts';

/** Under this name Crossplane applies composed resources; a digest of the composite follows. */
const COMPOSED_MANAGER = 'apiextensions.crossplane.io/composed';

/** The observed object, with what was desired of it the last time. */
export function keep(object: KubeObject): DesiredObject {
  const { apiVersion, kind, metadata } = object;
  const owned = ownedFields(object);
  const desired = owned === undefined ? object : prune(object, owned);
  const annotations = Object.fromEntries(
    Object.entries(mapAt(desired, 'metadata', 'annotations')).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' &&
        // Without a list of who said what, this one is all that ever came from here.
        (owned === undefined
          ? entry[0] === ANNOTATIONS.externalName
          : entry[0] !== ANNOTATIONS.compositionResourceName),
    ),
  );
  return {
    apiVersion,
    kind,
    metadata: {
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: mapAt(desired, 'spec'),
  };
}

/** The annotation of an object if Crossplane said it: what it said and says no more, it takes away. */
export function appliedAnnotation(object: KubeObject, name: string): string | undefined {
  const owned = mapAt(ownedFields(object), 'f:metadata', 'f:annotations');
  return Object.hasOwn(owned, `f:${name}`) ? object.metadata.annotations?.[name] : undefined;
}

/** The set of fields that Crossplane applied, or undefined where that is not told, as in `crossplane render`. */
function ownedFields({ metadata }: KubeObject): JsonMap | undefined {
  const entry = metadata.managedFields?.find(
    ({ manager, operation, subresource }) =>
      operation === 'Apply' && (subresource ?? '') === '' && manager?.startsWith(COMPOSED_MANAGER) === true,
  );
  const fields = mapAt(entry, 'fieldsV1');
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/**
 * The part of a value that a set of fields covers. In a set `f:key` is a field, `k:{…}` an element by its keys, `v:…` one
 * by its value, `i:…` one by its place, and `.` the thing itself; an empty set is a leaf and covers all below.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#fieldsv1-v1-meta
 */
function prune(value: unknown, fields: JsonMap): JsonMap {
  const found = pruneValue(value, fields);
  return isMap(found) ? found : {};
}

function pruneValue(value: unknown, fields: JsonMap): unknown {
  const keys = Object.keys(fields).filter((key) => key !== '.');
  if (keys.length === 0) return value;
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, index) => {
      const key = keys.find((candidate) => selects(candidate, element, index));
      return key === undefined ? [] : [pruneValue(element, mapAt(fields, key))];
    });
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    keys.flatMap((key) => {
      const name = key.slice('f:'.length);
      return key.startsWith('f:') && Object.hasOwn(value, name)
        ? [[name, pruneValue(value[name], mapAt(fields, key))]]
        : [];
    }),
  );
}

function selects(key: string, element: unknown, index: number): boolean {
  const [kind, text] = [key.slice(0, 2), key.slice(2)];
  if (kind === 'i:') return Number(text) === index;
  const wanted = fromJson(text);
  if (kind === 'v:') return JSON.stringify(wanted) === JSON.stringify(element);
  return (
    kind === 'k:' &&
    isMap(wanted) &&
    isMap(element) &&
    Object.entries(wanted).every(([name, part]) => JSON.stringify(element[name]) === JSON.stringify(part))
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
