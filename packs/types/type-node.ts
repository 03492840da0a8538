/** What is known of the type of a value, whichever file says it. */
export type TypeNode =
  | { readonly kind: 'any' }
  | { readonly kind: 'scalar'; readonly types: readonly ScalarType[] }
  | { readonly kind: 'literals'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'list'; readonly item: TypeNode }
  | MapNode;

export type ScalarType = 'string' | 'number' | 'boolean';

export interface MapNode {
  readonly kind: 'map';
  readonly fields: ReadonlyMap<string, Field>;
  /** Other keys are allowed, and this is what they hold; undefined: the fields are all there are. */
  readonly others: TypeNode | undefined;
}

export interface Field {
  readonly type: TypeNode;
  /** Plain sentences, one a line. */
  readonly doc: string;
}

export const ANY: TypeNode = { kind: 'any' };
export const NO_FIELDS: MapNode = { kind: 'map', fields: new Map(), others: ANY };

/** What two sources say together: of maps the fields of both, else what `a` says, if it says anything. */
export function combine(a: TypeNode, b: TypeNode): TypeNode {
  if (a.kind === 'any') return b;
  if (a.kind === 'map' && b.kind === 'map') {
    const fields = new Map(b.fields);
    for (const [name, field] of a.fields) {
      const below = b.fields.get(name);
      fields.set(name, below ? { type: combine(field.type, below.type), doc: field.doc || below.doc } : field);
    }
    // Whoever lists all fields knows them all.
    return {
      kind: 'map',
      fields,
      others: a.others === undefined || b.others === undefined ? undefined : combine(a.others, b.others),
    };
  }
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', item: combine(a.item, b.item) };
  return a;
}

/** What holds for a value that is of the one type or of the other. */
export function either(a: TypeNode, b: TypeNode): TypeNode {
  if (a.kind === 'scalar' && b.kind === 'scalar')
    return { kind: 'scalar', types: [...new Set([...a.types, ...b.types])] };
  if (a.kind === 'literals' && b.kind === 'literals')
    return { kind: 'literals', values: [...new Set([...a.values, ...b.values])] };
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', item: either(a.item, b.item) };
  if (a.kind === 'map' && b.kind === 'map') {
    const fields = new Map(a.fields);
    for (const [name, field] of b.fields) {
      const before = fields.get(name);
      fields.set(name, before ? { type: either(before.type, field.type), doc: before.doc || field.doc } : field);
    }
    return { kind: 'map', fields, others: a.others && b.others ? either(a.others, b.others) : (a.others ?? b.others) };
  }
  return ANY;
}

/** The type with another at a path of keys; maps on the way are made. `$[]` stands for the items of a list. */
export function atPath(root: TypeNode, path: readonly string[], change: (field: Field) => Field, doc = ''): Field {
  const [step, ...rest] = path;
  if (step === undefined) return change({ type: root, doc });
  if (step === '$[]') {
    const item = root.kind === 'list' ? root.item : ANY;
    return { type: { kind: 'list', item: atPath(item, rest, change).type }, doc };
  }
  const map: MapNode = root.kind === 'map' ? root : NO_FIELDS;
  const known = [...map.fields.keys()];
  // Keys may hold dots: the longest that is known is meant.
  const length =
    Array.from({ length: path.length }, (_, index) => path.length - index).find((count) =>
      known.includes(path.slice(0, count).join('.')),
    ) ?? 1;
  const key = length === 1 ? step : path.slice(0, length).join('.');
  const before = map.fields.get(key) ?? { type: ANY, doc: '' };
  const after = atPath(before.type, length === 1 ? rest : path.slice(length), change, before.doc);
  return { type: { ...map, fields: new Map([...map.fields, [key, after]]) }, doc };
}
