import { section } from './values.ts';
import { isJsonObject, type Json, type JsonObject } from './yaml.ts';

/** How objects of one kind tell whether they are ready, where their kind has a way of its own. Expressions are CEL over `object`. */
export interface HealthRule {
  readonly kind: string;
  /** Undefined: of any group. Empty for Kubernetes' core group. */
  readonly group: string | undefined;
  /** True when the object is ready. */
  readonly current: string;
  /** True when the object cannot become ready without a change. */
  readonly failed: string | undefined;
}

export interface HealthRules {
  readonly rules: readonly HealthRule[];
  /** What is wrong with entries that are left out. */
  readonly problems: readonly { readonly at: number; readonly message: string }[];
}

/** `pack.health` of a pack's values: `- { kind: Database, group: db.example.com, cel: "object.status.phase == 'Up'" }`. */
export function healthRules(values: JsonObject): HealthRules {
  const entries = section(values, 'pack')['health'];
  if (entries == null) return { rules: [], problems: [] };
  if (!Array.isArray(entries))
    return { rules: [], problems: [{ at: 0, message: 'expected a list of rules, each with kind and cel' }] };
  const read = entries.map((entry: Json, at) => ({ at, rule: ruleOf(entry) }));
  return {
    rules: read.flatMap(({ rule }) => (typeof rule === 'string' ? [] : [rule])),
    problems: read.flatMap(({ at, rule }) => (typeof rule === 'string' ? [{ at, message: rule }] : [])),
  };
}

/** The rule, or what is wrong with it. */
function ruleOf(entry: Json): HealthRule | string {
  if (!isJsonObject(entry)) return 'expected a map with kind and cel';
  const { kind, group, cel, failed } = entry;
  if (typeof kind !== 'string' || kind === '') return 'kind is missing';
  if (typeof cel !== 'string' || cel.trim() === '') return `cel is missing: when is a ${kind} ready?`;
  if (group != null && typeof group !== 'string') return 'group is no text';
  if (failed != null && typeof failed !== 'string') return 'failed is no text';
  return { kind, group: group ?? undefined, current: cel, failed: failed ?? undefined };
}

/** Whether the tests of a pack's charts run after it is installed or upgraded: `pack.test: true`. */
export function runsTests(values: JsonObject): boolean {
  return section(values, 'pack')['test'] === true;
}
