import type { PackResource } from '../pack-json.ts';
import type { Json, JsonObject } from '../yaml.ts';
import { isJsonObject } from '../yaml.ts';

/** What a node has to give to pods. */
export interface NodeCapacity {
  readonly role: 'control-plane' | 'worker';
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly diskGB?: number;
}

export type ResourceType = PackResource['type'];

export const RESOURCE_UNITS: Readonly<Record<ResourceType, string>> = { cpu: 'm', memory: 'MiB', diskSize: 'GB' };

/** What a pack needs of a resource on these nodes, in the unit of that resource. */
export function resourceNeed(resource: PackResource, values: JsonObject, nodes: readonly NodeCapacity[]): number {
  const needs = resource.components.map((component) => {
    const request = quantity(resource.type, valueAt(values, component.resourceRequestParamRef));
    if (request === undefined) return undefined;
    const replicas = Number(valueAt(values, component.replicaCountParamRef) ?? 1);
    return request * (component.scheduleType === 'all' ? nodes.length : Number.isFinite(replicas) ? replicas : 1);
  });
  const known = needs.filter((need) => need !== undefined);
  // The components' own requests count in place of the limit, as far as the values say them.
  return known.length === 0 ? resource.minLimit : known.reduce((sum, need) => sum + need, 0);
}

/** What the nodes have of a resource; undefined when it is not known of one of them. */
export function resourceCapacity(type: ResourceType, nodes: readonly NodeCapacity[]): number | undefined {
  let sum = 0;
  for (const node of nodes) {
    const has = { cpu: node.cpuMillis, memory: node.memoryMiB, diskSize: node.diskGB }[type];
    if (has === undefined) return undefined;
    sum += has;
  }
  return sum;
}

/** The value at a dotted path; keys that hold dots are tried too. */
export function valueAt(values: Json | undefined, path: string): Json | undefined {
  if (path === '') return undefined;
  if (!isJsonObject(values)) return undefined;
  if (Object.hasOwn(values, path)) return values[path];
  for (let at = path.indexOf('.'); at !== -1; at = path.indexOf('.', at + 1)) {
    const key = path.slice(0, at);
    if (!Object.hasOwn(values, key)) continue;
    const found = valueAt(values[key], path.slice(at + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity in millicores, MiB or GB; undefined when it is none. */
export function quantity(type: ResourceType, value: Json | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(
    typeof value === 'string' || typeof value === 'number' ? String(value) : '',
  );
  if (!match) return undefined;
  const number = Number(match[1]);
  const suffix = match[2] ?? '';
  if (type === 'cpu') return suffix === 'm' ? number : suffix === '' ? number * 1000 : undefined;
  const factor = BYTES[suffix];
  if (factor === undefined) return undefined;
  return (number * factor) / (type === 'memory' ? 2 ** 20 : 1e9);
}
