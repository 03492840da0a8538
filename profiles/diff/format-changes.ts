/** Changes of fields and objects in lines for people: `+` new, `~` changed, `-` gone. */
import { printable } from '#core/printable';
import { describeRef } from '#kubernetes/object';

import type { FieldChange, ObjectChange } from './change.ts';
import { showValue } from './show-value.ts';
import { textChanges } from './text-changes.ts';

export interface FormatOptions {
  /** Most fields told of one object or layer (default 50). */
  readonly fields?: number;
  /** Most lines told of a text with several lines (default 20). */
  readonly lines?: number;
}

const SIGNS = { created: '+', added: '+', changed: '~', removed: '-' } as const;

export function signOf(kind: keyof typeof SIGNS): string {
  return SIGNS[kind];
}

/** One line for each field, several for a text of several lines. */
export function fieldLines(changes: readonly FieldChange[], { fields = 50, lines = 20 }: FormatOptions = {}): string[] {
  const shown = changes.slice(0, fields).flatMap((change) => oneField(change, lines));
  const more = changes.length - fields;
  return more > 0 ? [...shown, `… and ${more} more ${more === 1 ? 'field' : 'fields'}`] : shown;
}

function oneField(change: FieldChange, most: number): string[] {
  const { before, after } = change;
  const path = printable(change.path);
  if (isText(before) && isText(after)) {
    const changes = textChanges('', before, after);
    const told = changes
      .slice(0, most)
      .flatMap((line) => [
        ...('before' in line ? [`  - ${printable(String(line.before))}`] : []),
        ...('after' in line ? [`  + ${printable(String(line.after))}`] : []),
      ]);
    const more = changes.length - most;
    return [`~ ${path}:`, ...told, ...(more > 0 ? [`  … and ${more} more ${more === 1 ? 'line' : 'lines'}`] : [])];
  }
  if ('before' in change && 'after' in change) return [`~ ${path}: ${showValue(before)} → ${showValue(after)}`];
  if ('after' in change) return [`+ ${path}: ${showValue(after)}`];
  if ('before' in change) return [`- ${path}: ${showValue(before)}`];
  return [`~ ${path}`];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

/** `~ Deployment shop/web (layer nginx), pods restart`, and below it, indented, its fields. */
export function objectLines(change: ObjectChange, options: FormatOptions = {}): string[] {
  const { kind, object, layer, fields, restarts } = change;
  return [
    printable(`${SIGNS[kind]} ${describeRef(object)} (layer ${layer})${restarts ? ', pods restart' : ''}`),
    ...fieldLines(fields, options).map((line) => `    ${line}`),
  ];
}

/** `1 created, 2 changed (1 restarts pods), 1 removed`; `no change` when there is none. */
export function countObjects(changes: readonly ObjectChange[]): string {
  const count = (kind: ObjectChange['kind']): number => changes.filter((change) => change.kind === kind).length;
  const restarts = changes.filter((change) => change.restarts).length;
  const changed = count('changed');
  const parts = [
    ...(count('created') > 0 ? [`${count('created')} created`] : []),
    ...(changed > 0
      ? [`${changed} changed${restarts > 0 ? ` (${restarts} ${restarts === 1 ? 'restarts' : 'restart'} pods)` : ''}`]
      : []),
    ...(count('removed') > 0 ? [`${count('removed')} removed`] : []),
  ];
  return parts.join(', ') || 'no change';
}
