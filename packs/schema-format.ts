import { isIPv4, isIPv6 } from 'node:net';

import { valid } from 'semver';

import { matchPattern } from './match-pattern.ts';
import { placeholders } from './schema.ts';
import type { Json } from './yaml.ts';

/** One `${…}` of a format: what kind of text stands there, and the bounds on it. */
interface Slot {
  readonly type: string;
  readonly pattern: string | undefined;
  readonly options: readonly string[] | undefined;
  readonly range: { readonly least: number; readonly most: number } | undefined;
}

/**
 * Why a value does not have a format of schema.yaml, as a phrase; undefined when it has it. A format
 * is text with `${type}`, `${type:/regex/}`, `${number:[1-10]}` or `${list:[a,b]}` in it.
 */
export function formatFault(format: string, value: Json | undefined): string | undefined {
  if (format === '') return undefined;
  const { slots, literals } = readFormat(format);
  const secret = slots.some(({ type }) => type === 'password');
  const text = scalarText(value);
  const expected = `expected ${describe(format, slots)}`;
  if (text === undefined) return `${expected}, found ${Array.isArray(value) ? 'a list' : 'a map'}`;
  const parts = split(text, slots, literals);
  const fits = parts !== undefined && slots.every((slot, index) => slotFits(slot, parts[index] ?? ''));
  if (fits) return undefined;
  return secret ? `${expected}, found something else` : `${expected}, found ${JSON.stringify(text.slice(0, 80))}`;
}

/** Whether a format masks its value wherever it is shown. */
export function isPasswordFormat(format: string): boolean {
  return readFormat(format).slots.some(({ type }) => type === 'password');
}

/** The texts a value of this format may have, when they are a list; undefined for every other format. */
export function formatOptions(format: string): readonly string[] | undefined {
  const { slots, literals } = readFormat(format);
  return slots.length === 1 && literals.every((literal) => literal === '') ? slots[0]?.options : undefined;
}

/** The one type of a format without text around it; undefined for every other format. */
export function formatType(format: string): string | undefined {
  const { slots, literals } = readFormat(format);
  return slots.length === 1 && literals.every((literal) => literal === '') ? slots[0]?.type : undefined;
}

/** Literals and slots in turn: there is one literal more than there are slots. */
function readFormat(format: string): { readonly slots: readonly Slot[]; readonly literals: readonly string[] } {
  const found = placeholders(format) ?? [];
  const literals: string[] = [];
  let at = 0;
  for (const { start, end } of found) {
    literals.push(format.slice(at, start));
    at = end;
  }
  return { slots: found.map(({ text }) => readSlot(text)), literals: [...literals, format.slice(at)] };
}

function readSlot(text: string): Slot {
  const [, type = 'string', bounds = ''] = /^(\w*)\s*:?\s*([\s\S]*)$/.exec(text) ?? [];
  const pattern = /^\/([\s\S]*)\/$/.exec(bounds)?.[1];
  const list = /^\[([\s\S]*)\]$/.exec(bounds)?.[1];
  const range = /^\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*$/.exec(list ?? '');
  return {
    type: type === '' ? 'string' : type,
    pattern,
    options:
      list !== undefined && (type === 'list' || !range)
        ? list.split(',').map((option) => option.trim().replace(/^(["'])(.*)\1$/, '$2'))
        : undefined,
    range: range && type !== 'list' ? { least: Number(range[1]), most: Number(range[2]) } : undefined,
  };
}

function scalarText(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The parts of a text between the literals; undefined when the literals are not in it. Each slot takes as little as it can. */
function split(text: string, slots: readonly Slot[], literals: readonly string[]): string[] | undefined {
  const [first = ''] = literals;
  const last = literals.at(-1) ?? '';
  if (slots.length === 0) return text === first ? [] : undefined;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return undefined;
  const end = text.length - last.length;
  const parts: string[] = [];
  let at = first.length;
  for (let index = 0; index < slots.length; index++) {
    const literal = literals[index + 1] ?? '';
    const until = index === slots.length - 1 ? end : text.indexOf(literal, at);
    if (until === -1 || until > end) return undefined;
    parts.push(text.slice(at, until));
    at = until + literal.length;
  }
  return parts;
}

function slotFits({ type, pattern, options, range }: Slot, text: string): boolean {
  if (!typeFits(type, text)) return false;
  if (options && !options.includes(text)) return false;
  if (range && !(Number(text) >= range.least && Number(text) <= range.most)) return false;
  // An expression that cannot be read, or takes too long, says nothing about the value.
  return pattern === undefined || pattern === '' || matchPattern(pattern, text) !== 'differs';
}

function typeFits(type: string, text: string): boolean {
  switch (type) {
    case 'number':
      return /^[-+]?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d{1,3})?$/.test(text);
    case 'boolean':
      return text === 'true' || text === 'false';
    case 'ipv4':
      return isIPv4(text);
    case 'ipv6':
      return isIPv6(text);
    case 'ipv4cidr': {
      const [address = '', bits = '', ...more] = text.split('/');
      return more.length === 0 && isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32;
    }
    case 'version':
      return valid(text) !== null || /^v?\d+(\.\d+){0,2}$/.test(text);
    case 'base64':
      return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
    default:
      return true;
  }
}

function describe(format: string, slots: readonly Slot[]): string {
  const [only] = slots;
  if (only && slots.length === 1 && format.trim().startsWith('${') && format.trim().endsWith('}')) {
    if (only.options) return `one of ${only.options.map((option) => JSON.stringify(option)).join(', ')}`;
    if (only.range) return `a ${only.type} from ${only.range.least} to ${only.range.most}`;
    if (only.pattern) return `a ${only.type} that matches ${only.pattern}`;
    return `a value of type ${only.type}`;
  }
  return `the format ${format}`;
}
