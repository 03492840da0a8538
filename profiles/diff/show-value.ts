/** A JSON value on one line, for people. */
import { printable } from '#core/printable';

const MAX = 200;

export function showValue(value: unknown, max: number = MAX): string {
  const text = printable(typeof value === 'string' && isPlain(value) ? value : (JSON.stringify(value) ?? 'nothing'));
  return text.length > max ? `${text.slice(0, max)}… (${text.length} characters)` : text;
}

/** Text that nobody takes for a number, a truth value, or more than it is. */
function isPlain(text: string): boolean {
  return (
    /^[\w/.({~^<>=][\w ./:@(){}[\]~^<>=+,*-]*$/.test(text) &&
    !text.endsWith(' ') &&
    Number.isNaN(Number(text)) &&
    !['true', 'false', 'null', 'nothing'].includes(text)
  );
}
