/** Annotations that the plane adds to its answers: where an object belongs. */
const ADDED: ReadonlySet<string> = new Set(['scope', 'projectUid', 'tenantUid']);

/** What of a request's annotations is stored: not what the plane adds itself, which comes back with what was read. */
export function ownAnnotations(annotations: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !ADDED.has(name)));
}
