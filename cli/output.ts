/** Results on standard output: a table for people, JSON for programs. */

import { printable } from '#core/printable';

export type OutputFormat = 'table' | 'json';

/** Writes lines; to a terminal without anything that steers it, for much of it comes from elsewhere. */
export function write(text: string): void {
  const shown = process.stdout.isTTY ? printableLines(text) : text;
  process.stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
}

/** Text of several lines, each of which steers no terminal. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

export function writeJson(value: unknown): void {
  write(JSON.stringify(value, undefined, 2));
}

/** Columns as wide as they need to be, the last one open; no rows give the line `nothing`. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[], nothing: string): string {
  if (rows.length === 0) return nothing;
  const all = [head.map((title) => title.toUpperCase()), ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}
