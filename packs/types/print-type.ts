import { assertNever } from '#core/assert-never';

import type { MapNode, TypeNode } from './type-node.ts';

/** A type in TypeScript. `indent`: blanks before the lines after the first. */
export function printType(type: TypeNode, indent = ''): string {
  switch (type.kind) {
    case 'any':
      return 'unknown';
    case 'scalar':
      return type.types.join(' | ');
    case 'literals':
      return type.values.map(literal).join(' | ');
    case 'list': {
      const item = printType(type.item, indent);
      return /[|&]/.test(item) && !item.startsWith('{') ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case 'map':
      return printMap(type, indent);
    default:
      return assertNever(type);
  }
}

/** The body of an interface, braces included. */
export function printMap({ fields, others }: MapNode, indent = ''): string {
  const inner = `${indent}  `;
  const lines = [...fields].flatMap(([name, { type, doc }]) => [
    ...printDoc(doc, inner),
    `${inner}readonly ${propertyName(name)}?: ${printType(type, inner)};`,
  ]);
  if (others) lines.push(`${inner}readonly [key: string]: ${otherType(fields.size, others, inner)};`);
  return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('\n')}\n${indent}}`;
}

/** Beside named fields the others must allow what these hold, so they may be anything. */
function otherType(named: number, others: TypeNode, indent: string): string {
  return named > 0 ? 'unknown' : printType(others, indent);
}

export function printDoc(doc: string, indent: string): string[] {
  const lines = doc
    .split('\n')
    .map((line) => line.replaceAll('*/', '*\u200b/').trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return [];
  return lines.length === 1
    ? [`${indent}/** ${lines[0] ?? ''} */`]
    : [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

/** A text, number or truth value in TypeScript. */
export function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}
