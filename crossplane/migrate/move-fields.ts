/** Carries the fields of `forProvider` and `initProvider` over to the fields that a kind has here. */
import { isMap } from '#kubernetes/object';

import type { FindingLevel, Path } from './report.ts';

/** As much of a CustomResourceDefinition's schema as says which fields there are. */
export interface FieldSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: boolean | FieldSchema;
}

export interface Move {
  /** Where the value stands in the manifest. */
  readonly path: Path;
  readonly schema: FieldSchema;
  /** Namespace of the object. */
  readonly namespace: string | undefined;
  readonly report: (level: FindingLevel, path: Path, message: string) => void;
}

/** Fields that have another name here. */
const RENAMED: Readonly<Record<string, string>> = { renewK8SCertificatesNow: 'renewK8sCertificatesNow' };

/**
 * The value in the form that the schema asks for: fields renamed, blocks that occur once as objects instead of lists.
 * What has no place is reported and left out; a null is no value.
 */
export function moveValue(value: unknown, move: Move): unknown {
  const { path, schema, report } = move;
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    if (schema.type === 'object') {
      const [first, ...others]: unknown[] = value;
      for (const index of others.keys()) report('lost', [...path, index + 1], 'occurs once at most');
      report('changed', path, 'is an object here, not a list');
      return moveValue(first, { ...move, path: [...path, 0] });
    }
    const items = schema.items ?? {};
    return value
      .map((item: unknown, index) => moveValue(item, { ...move, path: [...path, index], schema: items }))
      .filter((item) => item !== undefined);
  }
  if (!isMap(value) || schema.properties === undefined) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      const moved = moveField(key, entry, value, move);
      return moved === undefined ? [] : [moved];
    }),
  );
}

function moveField(
  key: string,
  value: unknown,
  siblings: Readonly<Record<string, unknown>>,
  move: Move,
): readonly [string, unknown] | undefined {
  const { schema, report } = move;
  if (value === null || value === undefined) return undefined;
  const path = [...move.path, key];
  const target = RENAMED[key] ?? key;
  const field = schema.properties?.[target];
  const reference = /^(?<attribute>\w+)(?<kind>Ref|Selector)$/.exec(key)?.groups;
  if (field === undefined) {
    if (reference === undefined) {
      report('lost', path, 'there is no such field here');
      return undefined;
    }
    const { attribute = '' } = reference;
    if (siblings[attribute] === undefined) {
      report('lost', path, `what it refers to is no kind here: write its identifier into ${attribute}`);
    } else report('changed', path, `what it refers to is no kind here; ${attribute} is kept as it is`);
    return undefined;
  }
  if (target !== key) report('changed', path, `is called ${target} here`);
  if (reference !== undefined && isMap(value) && !key.endsWith('SecretRef')) {
    return [target, moveReference(value, { ...move, path, schema: field })];
  }
  const moved = moveValue(value, { ...move, path, schema: field });
  return moved === undefined ? undefined : [target, moved];
}

/** A reference or selector without what only repeats the default. */
function moveReference(value: Readonly<Record<string, unknown>>, { path, schema, namespace, report }: Move): unknown {
  return Object.fromEntries(
    Object.entries(value).filter(([key, entry]) => {
      if (entry === null || schema.properties?.[key] !== undefined) return entry !== null;
      const at = [...path, key];
      switch (key) {
        case 'namespace':
          if (entry !== namespace) report('lost', at, 'here a reference stays in its own namespace');
          break;
        case 'matchControllerRef':
          if (entry === true) report('lost', at, 'objects of the same composite cannot be selected; use matchLabels');
          break;
        case 'policy':
          if (!isDefaultPolicy(entry)) report('lost', at, 'references are always required, and resolved at each look');
          break;
        default:
          report('lost', at, 'there is no such field here');
      }
      return false;
    }),
  );
}

/** Whether a policy of a reference says no more than what goes without saying. */
export function isDefaultPolicy(policy: unknown): boolean {
  return isMap(policy) && Object.entries(policy).every(([key, value]) => key === 'resolution' && value === 'Required');
}
