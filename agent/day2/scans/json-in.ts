/** The JSON that a tool printed among its log lines, or undefined: containers have one stream for both. */
export function jsonIn(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const lines = text.split('\n');
  // The document may be one line among others, or everything from a line on.
  for (const line of lines.toReversed()) {
    const found = line.trimStart().startsWith('{') ? parsed(line) : undefined;
    if (found !== undefined) return found;
  }
  for (const [at, line] of lines.entries()) {
    if (!/^[{[]/.test(line)) continue;
    const found = parsed(lines.slice(at).join('\n')) ?? parsed(upToClosing(lines.slice(at)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Up to the last line that a document could end with. */
function upToClosing(lines: readonly string[]): string {
  const last = lines.findLastIndex((line) => /^[}\]]/.test(line));
  return lines.slice(0, last + 1).join('\n');
}

/** An object or an array; a number or a word on a line of its own is no document. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
