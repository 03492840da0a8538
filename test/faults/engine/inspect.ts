/** Whether a cluster is as it should be: read past the agent, compared by rules that are stated here once more. */
import { createHash } from 'node:crypto';

import { valueAt } from '#kubernetes/object';

import type { Lab } from './lab.ts';
import { COLLECTIONS, kindOf, valueOf, type ItemKind } from './objects.ts';
import { ITEM_NAMES, type Item } from './schedule.ts';

/** An object that belongs to somebody else, as it was when it was made. */
export interface Bystander {
  readonly path: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The id of the agent's set, by the ApplySet specification. */
function applySetOf(namespace: string): string {
  const parent = `palette-agent-applyset.${namespace}.Secret.`;
  return `applyset-${createHash('sha256').update(parent).digest('base64url')}-v1`;
}

/** Objects that look as though they were the agent's, and are not. */
export async function placeBystanders(lab: Lab, namespace: string): Promise<Bystander[]> {
  const borrowed = { 'applyset.kubernetes.io/part-of': applySetOf(namespace) };
  const other = { 'applyset.kubernetes.io/part-of': applySetOf(`${namespace}-other`) };
  const marks = { 'palette-iac.dev/layer': 'base', 'palette-iac.dev/install-priority': '10' };
  const head = (name: string, labels: object, annotations: object = {}) => ({
    apiVersion: 'v1',
    metadata: { name, labels, annotations },
  });
  return Promise.all([
    makeForeign(lab, namespace, 'configmaps', { ...head('plain', {}), kind: 'ConfigMap', data: { value: '1' } }),
    makeForeign(lab, namespace, 'configmaps', { ...head('labelled', borrowed, marks), kind: 'ConfigMap' }),
    makeForeign(lab, namespace, 'secrets', { ...head('other-set', other, marks), kind: 'Secret' }),
    makeForeign(lab, namespace, 'serviceaccounts', { ...head('copied', borrowed), kind: 'ServiceAccount' }),
  ]);
}

export async function makeForeign(lab: Lab, namespace: string, collection: string, object: object): Promise<Bystander> {
  const { status, body } = await lab.ask('POST', `/api/v1/namespaces/${namespace}/${collection}`, object);
  const path = `/api/v1/namespaces/${namespace}/${collection}/${textAt(object, 'name')}`;
  // Made, and the server was killed before it could say so.
  if (status === 409) return bystanderAt(path, (await lab.ask('GET', path)).body);
  if (status !== 201) throw new Error(`making an object of somebody else was answered with ${status}`);
  return bystanderAt(path, body);
}

const textAt = (object: unknown, key: string): string => String(valueAt(object, 'metadata', key));

function bystanderAt(path: string, body: unknown): Bystander {
  return { path, uid: textAt(body, 'uid'), resourceVersion: textAt(body, 'resourceVersion') };
}

/** What is not as it should be, in sentences. */
export async function differences(lab: Lab, namespace: string, items: readonly Item[]): Promise<string[]> {
  const found: string[] = [];
  const members = new Set<string>();
  const values = new Map<string, number | undefined>();
  await Promise.all(
    // as: keys of a literal
    (Object.keys(COLLECTIONS) as ItemKind[]).map(async (kind) => {
      const { body } = await lab.ask('GET', `/api/v1/namespaces/${namespace}/${COLLECTIONS[kind]}`);
      const list = valueAt(body, 'items');
      for (const object of Array.isArray(list) ? list : []) {
        const name = textAt(object, 'name');
        if (ITEM_NAMES.includes(name) && kindOf(name) === kind) values.set(name, valueOf(object, kind));
        const isMember =
          valueAt(object, 'metadata', 'labels', 'applyset.kubernetes.io/part-of') === applySetOf(namespace);
        if (isMember) members.add(name);
      }
    }),
  );
  for (const { name, value } of items) {
    if (!values.has(name)) found.push(`${name} is missing`);
    else if (values.get(name) !== value) found.push(`${name} is ${values.get(name)} instead of ${value}`);
    else if (!members.has(name)) found.push(`${name} is not marked as the agent's`);
  }
  const wanted = new Set(items.map(({ name }) => name));
  for (const name of values.keys()) if (!wanted.has(name)) found.push(`${name} is still there`);
  return found.toSorted();
}

/** Bystanders that somebody touched. */
export async function touched(lab: Lab, bystanders: readonly Bystander[]): Promise<string[]> {
  const found = await Promise.all(
    bystanders.map(async (known) => {
      const { status, body } = await lab.ask('GET', known.path);
      if (status !== 200) return [`${known.path}, which is somebody else's, is gone`];
      const now = bystanderAt(known.path, body);
      return now.uid === known.uid && now.resourceVersion === known.resourceVersion
        ? []
        : [`${known.path}, which is somebody else's, was written to`];
    }),
  );
  return found.flat();
}
