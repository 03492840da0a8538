import { isJsonObject, type Json, type JsonObject } from '../yaml.ts';
import { ANY, combine, either, type Field, type TypeNode } from './type-node.ts';

/** Deepest nesting that becomes a type; schemas may refer to themselves. */
const MAX_DEPTH = 24;
/** Types made of one schema: references may multiply. */
const MAX_TYPES = 20_000;

/** The type that a chart's values.schema.json describes. Never throws: what it cannot say is any type. */
export function typeOfJsonSchema(schema: Json): TypeNode {
  let left = MAX_TYPES;

  const typeOf = (node: Json | undefined, depth: number, open: ReadonlySet<string>): TypeNode => {
    if (!isJsonObject(node) || depth > MAX_DEPTH || left-- <= 0) return ANY;
    const reference = node['$ref'];
    if (typeof reference === 'string') {
      if (open.has(reference)) return ANY;
      const beside = Object.fromEntries(Object.entries(node).filter(([key]) => key !== '$ref'));
      const target = typeOf(resolve(schema, reference), depth + 1, new Set([...open, reference]));
      return Object.keys(beside).length === 0 ? target : combine(typeOf(beside, depth + 1, open), target);
    }
    const below = (child: Json | undefined): TypeNode => typeOf(child, depth + 1, open);
    const own = ownType(node, below);
    const all = listOf(node['allOf']).map(below);
    const some = listOf(node['anyOf'] ?? node['oneOf']).filter((choice) => !onlyRequires(choice));
    const choices = some.map(below);
    return [...all, ...(choices.length > 0 ? [choices.reduce(either)] : [])].reduce(combine, own);
  };
  return typeOf(schema, 0, new Set());
}

function ownType(node: JsonObject, below: (child: Json | undefined) => TypeNode): TypeNode {
  const literals = [...listOf(node['enum']), ...('const' in node ? [node['const'] ?? null] : [])].filter(isLiteral);
  if (literals.length > 0) return { kind: 'literals', values: literals };
  const types = typeof node['type'] === 'string' ? [node['type']] : listOf(node['type']);
  const found = types.flatMap((type): TypeNode[] => {
    switch (type) {
      case 'string':
        return [{ kind: 'scalar', types: ['string'] }];
      case 'number':
      case 'integer':
        return [{ kind: 'scalar', types: ['number'] }];
      case 'boolean':
        return [{ kind: 'scalar', types: ['boolean'] }];
      case 'array':
        return [{ kind: 'list', item: below(Array.isArray(node['items']) ? undefined : node['items']) }];
      case 'object':
        return [mapOf(node, below)];
      default:
        return [];
    }
  });
  if (found.length > 0) return found.reduce(either);
  return 'properties' in node ? mapOf(node, below) : ANY;
}

function mapOf(node: JsonObject, below: (child: Json | undefined) => TypeNode): TypeNode {
  const properties = isJsonObject(node['properties']) ? node['properties'] : {};
  const fields = Object.entries(properties).map(([name, child]): [string, Field] => {
    const doc = isJsonObject(child) ? (child['description'] ?? child['title']) : undefined;
    return [name, { type: below(child), doc: typeof doc === 'string' ? doc.trim().slice(0, 400) : '' }];
  });
  const additional = node['additionalProperties'];
  const isClosed = additional === false && !isJsonObject(node['patternProperties']);
  return { kind: 'map', fields: new Map(fields), others: isClosed ? undefined : below(additional) };
}

/** `#/definitions/x`, as JSON Pointer. */
function resolve(schema: Json, reference: string): Json | undefined {
  if (reference === '#') return schema;
  if (!reference.startsWith('#/')) return undefined;
  let at: Json | undefined = schema;
  for (const step of reference.slice(2).split('/')) {
    const key = decode(step).replaceAll('~1', '/').replaceAll('~0', '~');
    const next: Json | undefined = Array.isArray(at)
      ? at[Number(key)]
      : isJsonObject(at) && Object.hasOwn(at, key)
        ? at[key]
        : undefined;
    at = next;
  }
  return at;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function onlyRequires(choice: Json): boolean {
  return isJsonObject(choice) && Object.keys(choice).every((key) => key === 'required' || key === 'not');
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isLiteral(value: Json): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
