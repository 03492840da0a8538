/** How the items of a list are told apart, so that an inserted container does not make all others look changed. */
import { isMap, valueAt, type JsonMap } from '#kubernetes/object';

/** Fields that together name an item; a dot goes one level down. */
type Key = readonly string[];

/**
 * Lists whose items have no `name`, or something better than it. The names are those of the Kubernetes API's list maps
 * (x-kubernetes-list-map-keys). Candidates are tried in order; the first that names every item on both sides counts.
 */
const KEYS: Readonly<Record<string, readonly Key[]>> = {
  ports: [['name'], ['containerPort', 'protocol'], ['port', 'protocol'], ['port']],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  hostAliases: [['ip']],
  conditions: [['type']],
  ownerReferences: [['uid'], ['kind', 'name']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  volumeClaimTemplates: [['metadata.name']],
  subjects: [
    ['kind', 'namespace', 'name'],
    ['kind', 'name'],
  ],
};
const BY_NAME: readonly Key[] = [['name']];

/** What stands for a field of a key when an item leaves it out. */
const DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };

/** Names such as `name=web`, one for each item of both lists; absent when nothing names every item once. */
export function itemNames(
  field: string,
  before: readonly unknown[],
  after: readonly unknown[],
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  if (!before.every(isMap) || !after.every(isMap)) return undefined;
  for (const key of KEYS[field] ?? BY_NAME) {
    const left = names(before, key);
    const right = names(after, key);
    if (left && right) return { before: left, after: right };
  }
  return undefined;
}

function names(items: readonly JsonMap[], key: Key): readonly string[] | undefined {
  const found = items.map((item) => nameOf(item, key));
  const complete = found.filter((name) => name !== undefined);
  return complete.length === items.length && new Set(complete).size === items.length ? complete : undefined;
}

function nameOf(item: JsonMap, key: Key): string | undefined {
  const parts: string[] = [];
  for (const field of key) {
    const value = valueAt(item, ...field.split('.')) ?? DEFAULTS[field];
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    parts.push(`${field}=${plain(String(value))}`);
  }
  return parts.join(',');
}

function plain(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : JSON.stringify(text);
}
