import { randomBytes } from 'node:crypto';

import { isScalar, visit, type Scalar } from 'yaml';

import type { MacroContext } from '#protocol/desired-state';

import { positionsOf, type Position } from '../text-position.ts';
import { composeDocuments, documentsOf, longDocument } from '../yaml.ts';
import { bounded } from './bounded.ts';
import { doubleQuoted, escapeOutside, escapeTemplate, escapeWithin, lineIndent } from './escape.ts';
import { evaluateMacro, type Evaluated } from './evaluate.ts';
import { ExpressionError, parseExpression, pathsOf } from './expression.ts';
import { scanMacros, scanOtherActions, type Action } from './scan.ts';

/**
 * How a resolved value enters the text.
 *
 * A value is data. It never adds structure to YAML, never is looked at again for macros, never
 * becomes a template:
 * - in quotes or in a block scalar the value is that string, whatever characters it has;
 * - without quotes it is read as one YAML scalar, so `3` is a number and `true` a boolean; a value
 *   that would be more than a scalar there (`a: b`, `[x]`, several lines, nothing) is a string.
 *
 * So single quotes around a macro mean "a string", none mean "let the value's looks decide".
 */
export interface ResolveOptions {
  /** `yaml` (default): YAML documents. `template`: YAML that also is a Helm template. */
  readonly as?: 'yaml' | 'template';
}

export interface MacroProblem extends Position {
  /** `unknown`: nothing has that name. `invalid`: no macro expression. `unplaceable`: the value does not fit there. */
  readonly kind: 'unknown' | 'invalid' | 'unplaceable';
  readonly message: string;
  /** The macro as written. */
  readonly macro: string;
}

export interface Resolved {
  /** The text with each macro replaced; one with a problem stays as it was written. */
  readonly text: string;
  readonly problems: readonly MacroProblem[];
}

/** Resolves every macro of a text. Never throws. Text without macros comes back as it is. */
export function resolveMacros(text: string, context: MacroContext, options: ResolveOptions = {}): Resolved {
  const { text: resolved, marks } = substitute(text, context, options, (site) => site.source);
  return { text: resolved, problems: marks.map(({ problem }) => problem) };
}

export interface Mark {
  /** Stands in the text for the macro. */
  readonly token: string;
  readonly problem: MacroProblem;
}

/**
 * As `resolveMacros`, but a macro with a problem leaves a token. A caller that goes on to merge or
 * drop parts of the text looks whether the token is still there before it complains.
 */
export function resolveMacrosMarking(
  text: string,
  context: MacroContext,
  options: ResolveOptions = {},
): { readonly text: string; readonly marks: readonly Mark[] } {
  return substitute(text, context, options, (site) => site.token);
}

/**
 * The text with each macro replaced by a word of the same length, so that places stay true and
 * YAML parses; and the way back for what was parsed from it.
 */
export function maskMacros(text: string): {
  readonly masked: string;
  /** Of a piece of the text, or of a text made of its pieces. */
  readonly unmask: (value: string) => string;
} {
  const sites = sitesOf(text, scanMacros(text));
  return {
    masked: applyEdits(
      text,
      sites.map(({ start, end, token }) => ({ start, end, text: token })),
    ),
    unmask: restoring(sites),
  };
}

/** Puts macros back where their tokens stand, in one pass: a text may have thousands of both. */
function restoring(sites: readonly Site[]): (text: string) => string {
  const prefix = sites[0]?.token.slice(0, PREFIX) ?? '';
  const byBeginning = new Map(sites.map((site) => [site.token.slice(0, PREFIX + INDEX), site]));
  return (text) => {
    if (prefix === '' || !text.includes(prefix)) return text;
    const parts: string[] = [];
    let from = 0;
    for (let at = text.indexOf(prefix); at !== -1; at = text.indexOf(prefix, at + 1)) {
      const site = byBeginning.get(text.slice(at, at + PREFIX + INDEX));
      if (at < from || !site || !text.startsWith(site.token, at)) continue;
      parts.push(text.slice(from, at), site.source);
      from = at + site.token.length;
    }
    parts.push(text.slice(from));
    return parts.join('');
  };
}

export interface MacroReference extends Position {
  readonly macro: string;
  /** Below `.spectro`: `var.replicas`, `system.cluster.name`. Empty when the expression is invalid. */
  readonly paths: readonly string[];
  /** Why the expression is invalid. */
  readonly error?: string;
}

/** Every macro of a text with what it reads. Never throws. */
export function findMacroReferences(text: string): MacroReference[] {
  const position = positionsOf(text);
  return scanMacros(text).map(({ start, end, expression }) => {
    const reference = { ...position(start), macro: text.slice(start, end) };
    try {
      return { ...reference, paths: pathsOf(parseExpression(expression)).map((path) => path.join('.')) };
    } catch (error) {
      if (error instanceof ExpressionError) return { ...reference, paths: [], error: error.message };
      throw error;
    }
  });
}

/** Which of the marks still stand in a text. */
export function standingMarks(text: string, marks: readonly Mark[]): readonly Mark[] {
  if (marks.length === 0) return [];
  const there = new Set(text.match(TOKEN_BEGINNING) ?? []);
  return marks.filter(({ token }) => there.has(token.slice(0, PREFIX + INDEX)));
}

/** What a token begins with: its text's prefix, then its place in it. */
const TOKEN_BEGINNING = /q[0-9a-f]{7}[0-9a-z]{4}/g;

interface Site extends Action {
  readonly source: string;
  readonly token: string;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Characters of a token that are the same in all of a text, and those of its number. */
const PREFIX = 7;
const INDEX = 5;

function sitesOf(text: string, actions: readonly Action[]): Site[] {
  if (actions.length === 0) return [];
  let prefix: string;
  do
    prefix = `q${randomBytes(4)
      .toString('hex')
      .slice(0, PREFIX - 1)}`;
  while (text.includes(prefix));
  // The index comes first and is of one width, so that no token is the beginning of another.
  return actions.map((action, index) => ({
    ...action,
    source: text.slice(action.start, action.end),
    token: `${prefix}${index.toString(36).padStart(INDEX, '0')}`.padEnd(action.end - action.start, 'z'),
  }));
}

function substitute(
  text: string,
  context: MacroContext,
  { as = 'yaml' }: ResolveOptions,
  leave: (site: Site) => string,
): { text: string; marks: Mark[] } {
  const sites = sitesOf(text, scanMacros(text));
  if (sites.length === 0) return { text, marks: [] };

  const position = positionsOf(text);
  const marks: Mark[] = [];
  const complain = (site: Site, kind: MacroProblem['kind'], message: string): void => {
    marks.push({ token: site.token, problem: { ...position(site.start), kind, message, macro: site.source } });
  };
  const values = new Map<string, Extract<Evaluated, { kind: 'value' }>>();
  const evaluate = bounded((expression) => evaluateMacro(expression, context));
  for (const site of sites) {
    const evaluated = evaluate(site.expression);
    if (evaluated.kind === 'value') values.set(site.token, evaluated);
    else complain(site, evaluated.kind, evaluated.message);
  }

  const place = placeIn(text, sites, as);
  const edits: Edit[] = [];
  for (const { scalar, sites: inside, foreign } of place.groups) {
    const known = inside.filter(({ token }) => values.has(token));
    if (known.length > 0 && scalar && !foreign) {
      edits.push(rewrite(place.masked, scalar, inside, values, leave, as));
      continue;
    }
    for (const site of inside) {
      const value = values.get(site.token);
      if (!value) {
        edits.push({ start: site.start, end: site.end, text: leave(site) });
        continue;
      }
      const inserted = scalar
        ? escapeWithin(value.text, scalar, lineIndent(text, site.start))
        : escapeOutside(value.text, place.masked, site.start);
      if (inserted === undefined) {
        complain(
          site,
          'unplaceable',
          'the value has characters that would break the text around it; put the macro into a quoted value of its own',
        );
        edits.push({ start: site.start, end: site.end, text: leave(site) });
        continue;
      }
      edits.push({ start: site.start, end: site.end, text: as === 'template' ? escapeTemplate(inserted) : inserted });
    }
  }
  return { text: applyEdits(text, edits), marks };
}

interface Group {
  /** Absent for macros in comments and in text that is no YAML. */
  readonly scalar?: Scalar & { readonly range: readonly [number, number, number] };
  readonly sites: readonly Site[];
  /** The scalar holds actions of Helm as well and so cannot be written anew. */
  readonly foreign: boolean;
}

/** Sorts macros by the scalar they stand in. */
function placeIn(text: string, sites: readonly Site[], as: 'yaml' | 'template'): { masked: string; groups: Group[] } {
  const others = as === 'template' ? scanOtherActions(text) : [];
  const masked = maskActions(
    applyEdits(
      text,
      sites.map(({ start, end, token }) => ({ start, end, text: token })),
    ),
    others,
  );
  const found: Group[] = [];
  const placed = new Set<Site>();
  const take = (node: Scalar): void => {
    const { range } = node;
    if (!range) return;
    const inside = between(sites, range[0], range[1]);
    if (
      inside.length === 0 ||
      inside.some((site) => placed.has(site) || masked.slice(site.start, site.end) !== site.token)
    )
      return;
    for (const site of inside) placed.add(site);
    found.push({
      scalar: Object.assign(node, { range }),
      sites: inside,
      foreign: between(others, range[0], range[1]).length > 0,
    });
  };
  try {
    for (const document of longDocument(masked) ? [] : documentsOf(masked)) {
      visit(document, { Scalar: (_key, node) => take(node) });
    }
  } catch {
    // Nested too deep: what was not placed is treated as text that is no YAML.
  }
  const rest = sites.filter((site) => !placed.has(site)).map((site): Group => ({ sites: [site], foreign: false }));
  return { masked, groups: [...found, ...rest] };
}

function between<T extends { readonly start: number; readonly end: number }>(
  items: readonly T[],
  start: number,
  end: number,
): T[] {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const inside: T[] = [];
  for (let index = low; index < items.length; index++) {
    const item = items[index];
    if (!item || item.end > end) break;
    inside.push(item);
  }
  return inside;
}

/** How far beside an action is looked: what is further away on its line than this is more than blanks. */
const LINE = 512;

/** Helm's actions made harmless to a YAML parser: one alone on its lines becomes a comment, any other a word. */
function maskActions(text: string, actions: readonly Action[]): string {
  return applyEdits(
    text,
    actions.map(({ start, end }) => {
      const before = text.slice(Math.max(0, start - LINE), start);
      const after = text.slice(end, end + LINE);
      const alone =
        /^[\s#]*$/.test(before.slice(before.lastIndexOf('\n') + 1)) &&
        (before.includes('\n') || start <= LINE) &&
        /^[^\S\n]*(\{\{|\n|$)/.test(after);
      return { start, end, text: text.slice(start, end).replace(/[^\n]/g, alone ? '#' : 'x') };
    }),
  );
}

/** The whole scalar written anew with its values in. */
function rewrite(
  masked: string,
  scalar: NonNullable<Group['scalar']>,
  sites: readonly Site[],
  values: ReadonlyMap<string, Extract<Evaluated, { kind: 'value' }>>,
  leave: (site: Site) => string,
  as: 'yaml' | 'template',
): Edit {
  const [start, end] = scalar.range;
  const valueOf = (site: Site): string => values.get(site.token)?.text ?? leave(site);
  const emit = (text: string): Edit => ({ start, end, text: as === 'template' ? escapeTemplate(text) : text });

  const source = masked.slice(start, end);
  if (scalar.type === 'PLAIN') {
    const asksForQuotes =
      sites.length === 1 && values.get(sites[0]?.token ?? '')?.quoted === true && source === sites[0]?.token;
    const candidate = fill(source, sites, valueOf);
    if (!asksForQuotes && staysPlain(candidate)) return emit(candidate);
  }
  const string = fill(scalar.source ?? String(scalar.value), sites, valueOf);
  // A block scalar ends with its last line break.
  return emit(doubleQuoted(string) + (source.endsWith('\n') ? '\n' : ''));
}

/** Puts values where their tokens stand. Each stretch of text is looked at once: values are never searched. */
function fill(source: string, sites: readonly Site[], valueOf: (site: Site) => string): string {
  const parts: string[] = [];
  let at = 0;
  for (const site of sites) {
    const found = source.indexOf(site.token, at);
    if (found === -1) continue;
    parts.push(source.slice(at, found), valueOf(site));
    at = found + site.token.length;
  }
  parts.push(source.slice(at));
  return parts.join('');
}

/** Whether a text, where a plain scalar stood, is again one plain scalar. */
function staysPlain(text: string): boolean {
  if (
    text === '' ||
    text !== text.trim() ||
    text === '<<' ||
    /^(---|\.\.\.)/.test(text) ||
    /[\r\n]/.test(text) ||
    text.length > 1000
  )
    return false;
  const [document, ...more] = tryCompose(`[${text}]`);
  if (!document || more.length > 0 || document.errors.length > 0 || document.warnings.length > 0) return false;
  const item: unknown = document.getIn([0], true);
  return (
    isScalar(item) &&
    item.type === 'PLAIN' &&
    item.source === text &&
    item.anchor === undefined &&
    item.tag === undefined &&
    document.getIn([1], true) === undefined
  );
}

function tryCompose(text: string): ReturnType<typeof composeDocuments> {
  try {
    return composeDocuments(text);
  } catch {
    return [];
  }
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
