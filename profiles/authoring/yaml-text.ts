import type { Reference } from './reference.ts';

type Insert = string | number | boolean | Reference | Reference<number> | Reference<boolean>;

/**
 * YAML as it stands, comments and all, with references in it. The indentation that all lines share goes; a text of several
 * lines is indented as the place where it is put.
 *
 * @example
 * values: yaml`
 *   # Two are enough for a shop.
 *   replicas: ${replicas}
 *   host: '${system.cluster.name}.example.com'
 * `
 */
export function yaml(parts: TemplateStringsArray, ...inserts: readonly Insert[]): string {
  const indent = sharedIndent(parts);
  const texts = parts.map((part, index) => {
    // Only what follows a line break in the program begins a line.
    const text = part.replaceAll(/\n[ \t]*/g, (lead) => `\n${lead.slice(1 + indent)}`);
    return index === 0 ? text.replace(/^[ \t]*\n/, '') : text;
  });
  let result = texts[0] ?? '';
  for (const [index, insert] of inserts.entries()) {
    const column = /^[ ]*/.exec(result.slice(result.lastIndexOf('\n') + 1))?.[0] ?? '';
    result += String(insert).replaceAll('\n', `\n${column}`) + (texts[index + 1] ?? '');
  }
  return `${result.trimEnd()}\n`;
}

function sharedIndent(parts: readonly string[]): number {
  const marked = parts.join('\u0000');
  const leads = [...marked.matchAll(/\n([ \t]*)(?=[^\s])/g)].map(([, lead = '']) => lead.length);
  return leads.length === 0 ? 0 : Math.min(...leads);
}
