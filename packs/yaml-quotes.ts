import { Lexer } from 'yaml';

/** Repairs in one text, and bytes read for all of them: what is beyond stays broken. */
const MAX_REPAIRS = 64;
const MAX_WORK = 24 * 1024 * 1024;

/**
 * The text with the lines of quoted scalars moved in where they stand too far out. YAML demands that
 * they are indented deeper than their key; Go's parser, which Helm and kubectl use, does not, and
 * charts in the wild rely on it. Leading blanks of such lines mean nothing, so the value is the same,
 * and so is the line of everything. Undefined when there is nothing to repair.
 */
export function indentQuoted(text: string): string | undefined {
  let repaired = text;
  let work = 0;
  for (let count = 0; count < MAX_REPAIRS; count++) {
    work += repaired.length;
    const start = work > MAX_WORK ? -1 : firstBroken(repaired);
    const end = start === -1 ? -1 : endOfQuoted(repaired, start);
    if (end === -1) break;
    const column = start - (repaired.lastIndexOf('\n', start) + 1);
    const inside = repaired
      .slice(start, end)
      .replace(/\n( *)(?=[^\s])/g, (line, indent: string) =>
        indent.length < column ? `\n${' '.repeat(column)}` : line,
      );
    if (inside === repaired.slice(start, end)) break;
    repaired = repaired.slice(0, start) + inside + repaired.slice(end);
  }
  return repaired === text ? undefined : repaired;
}

/** Marks that the lexer puts between the pieces of the text. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

/** Where the first quoted scalar opens that the lexer cuts off; -1 when there is none. */
function firstBroken(text: string): number {
  let at = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    const quote = lexeme.charAt(0);
    if ((quote === '"' || quote === "'") && endOfQuoted(lexeme, 0) !== lexeme.length) return at;
    at += lexeme.length;
  }
  return -1;
}

/** The offset after the quote that closes the scalar which opens here; -1 when none does. */
export function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && quote === '"') at += 1;
    else if (character === quote) {
      if (quote === '"' || text.charAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return -1;
}
