/** Text that steers no terminal: control characters but tabs as escapes. */
export function printable(text: string): string {
  return text.replaceAll(
    /(?!\t)\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
