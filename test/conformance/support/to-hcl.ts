/** Typed values as blocks of Terraform's language. */
import { modelOf, type FieldModel, type ObjectModel } from '#resources/engine/model';
import { resources } from '#resources/index';

import { readReference, type Named, type Refusal } from '../cases/case.ts';

export interface Rendered {
  readonly text: string;
  /** The line of an attribute that is written, counted from 1, as Terraform shows it; that of the resource if it is not. */
  lineOf(at: Refusal['at']): { readonly number: number; readonly text: string };
}

interface Writer {
  readonly lines: string[];
  /** Line numbers by path. */
  readonly at: Map<string, number>;
}

type Path = Refusal['at'];

/** A resource block, beginning in the first line. */
export async function toHcl({ type, name, values }: Named): Promise<Rendered> {
  const out: Writer = { lines: [`resource "${type}" "${name}" {`], at: new Map() };
  writeObject(out, modelOf(await resources[type]()), values, []);
  out.lines.push('}');
  return {
    text: `${out.lines.join('\n')}\n`,
    lineOf: (at) => {
      const number = out.at.get(at.join('.')) ?? 1;
      return { number, text: (out.lines[number - 1] ?? '').trim() };
    },
  };
}

function writeObject(out: Writer, object: ObjectModel, values: Named['values'], path: Path): void {
  for (const [key, value] of Object.entries(values)) {
    const field = object.fields.find((candidate) => candidate.key === key);
    if (field === undefined) throw new Error(`${[...path, key].join('.')}: the definition has no such key`);
    if (value !== undefined) writeField(out, field, value, [...path, key]);
  }
}

function writeField(out: Writer, field: FieldModel, value: unknown, path: Path): void {
  const indent = '  '.repeat(Math.ceil((path.length + 1) / 2));
  if (field.kind === 'attribute') {
    // What stands in several lines is written as people write it.
    const [first = '', ...rest] = expression(value).split('\n');
    out.at.set(path.join('.'), out.lines.push(`${indent}${field.name} = ${first}`));
    out.lines.push(...rest);
    return;
  }
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const [index, element] of elements.entries()) {
    const at = field.nesting === 'single' ? path : [...path, index];
    const line = out.lines.push(`${indent}${field.name} {`);
    out.at.set(at.join('.'), line);
    writeObject(out, field.object, element as Named['values'], at); // as: a block holds objects
    out.lines.push(`${indent}}`);
  }
}

function expression(value: unknown): string {
  const reference = readReference(value);
  if (reference !== undefined) return `${reference.type}.${reference.name}.id`;
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map(expression).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)} = ${expression(part)}`);
    return `{ ${entries.join(', ')} }`;
  }
  return String(value);
}

/** A string; as a heredoc when it has several lines and ends with a line break, as files do. */
function text(value: string): string {
  const literal = value.replaceAll('${', '$${').replaceAll('%{', '%%{');
  return /\n.*\n$/s.test(value) ? `<<EOT\n${literal}EOT` : JSON.stringify(literal);
}
