/** The layer of a cluster's own settings: its namespaces and role bindings. No pack has this name. */
export const SETTINGS_LAYER = 'palette:cluster';

/** Whether a namespace of that layer is a regular expression between slashes, which stands for all that match as a whole. */
export function isNamespacePattern(name: string): boolean {
  return name.length > 2 && name.startsWith('/') && name.endsWith('/');
}

/** The expression. @throws SyntaxError when it is none */
export function namespacePattern(name: string): RegExp {
  return new RegExp(`^(?:${name.slice(1, -1)})$`);
}
