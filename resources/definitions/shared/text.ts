/** A text as the state holds it: what the API leaves out or leaves empty is no value. */
export function presentText(text: string | null | undefined): string | undefined {
  return text === null || text === '' ? undefined : text;
}

/** The text that was known before, as long as what the API holds differs in surrounding white space only. */
export function keepUnlessChanged(prior: string | undefined, found: string | undefined): string | undefined {
  if (prior !== undefined && prior.trim() === (found ?? '').trim()) return prior;
  return presentText(found);
}

/** Tags as the state holds them: without any there is no set, unless the configuration wrote an empty one. */
export function presentTags(prior: readonly string[] | undefined, found: readonly string[]): string[] | undefined {
  return found.length === 0 && prior === undefined ? undefined : [...found];
}
