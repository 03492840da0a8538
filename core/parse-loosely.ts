/** Text as JSON; undefined when it is none, for the schema it is read with to refuse. */
export function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
