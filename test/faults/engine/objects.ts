/** Items of a schedule as Kubernetes objects, and back. */
import type { KubeObject } from '#kubernetes/object';
import { valueAt } from '#kubernetes/object';

import { LAYERS, type Item } from './schedule.ts';

/** Where each kind of item is served. */
export const COLLECTIONS = {
  config: 'configmaps',
  secret: 'secrets',
  service: 'services',
  account: 'serviceaccounts',
} as const;
export type ItemKind = keyof typeof COLLECTIONS;

const KINDS = { config: 'ConfigMap', secret: 'Secret', service: 'Service', account: 'ServiceAccount' } as const;
const ANNOTATION = 'faults.example.com/value';
/** Ports are numbers of a range; this one is free of meaning. */
const FIRST_PORT = 10_000;

export function kindOf(name: string): ItemKind {
  const kind = name.replace(/-.*$/, '');
  if (kind in COLLECTIONS) return kind as ItemKind; // as: just looked up
  throw new Error(`${name} names no kind of item`);
}

export const priorityOf = (layer: Item['layer']): number => (LAYERS.indexOf(layer) + 1) * 10;

export function objectOf({ name, value }: Pick<Item, 'name' | 'value'>, namespace: string): KubeObject {
  const kind = kindOf(name);
  const head = { apiVersion: 'v1', kind: KINDS[kind], metadata: { name, namespace } };
  switch (kind) {
    case 'config':
      return { ...head, data: { value: String(value) } };
    case 'secret':
      return { ...head, data: { value: Buffer.from(String(value)).toString('base64') } };
    case 'service':
      return { ...head, spec: { ports: [{ name: 'value', port: FIRST_PORT + value }] } };
    case 'account':
      return { ...head, metadata: { ...head.metadata, annotations: { [ANNOTATION]: String(value) } } };
  }
}

/** What the object says, as `objectOf` wrote it. */
export function valueOf(object: unknown, kind: ItemKind): number | undefined {
  switch (kind) {
    case 'config':
      return numberOf(valueAt(object, 'data', 'value'));
    case 'secret': {
      const encoded = valueAt(object, 'data', 'value');
      return typeof encoded === 'string' ? numberOf(Buffer.from(encoded, 'base64').toString()) : undefined;
    }
    case 'service': {
      const ports = valueAt(object, 'spec', 'ports');
      const port = Array.isArray(ports)
        ? valueAt(
            ports.find((one) => valueAt(one, 'name') === 'value'),
            'port',
          )
        : undefined;
      return typeof port === 'number' ? port - FIRST_PORT : undefined;
    }
    case 'account':
      return numberOf(valueAt(object, 'metadata', 'annotations', ANNOTATION));
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'string' && value !== '' ? Number(value) : undefined;
}

/** A change that somebody else makes to it, as a merge patch. */
export function vandalism(kind: ItemKind): object {
  switch (kind) {
    case 'config':
      return { data: { value: '-1' } };
    case 'secret':
      return { data: { value: Buffer.from('-1').toString('base64') } };
    case 'service':
      return { spec: { ports: [{ name: 'value', port: 9 }] } };
    case 'account':
      return { metadata: { annotations: { [ANNOTATION]: '-1' } } };
  }
}
