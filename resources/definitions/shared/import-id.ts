/** How resources are named on `terraform import`: `idOrName`, a context, sometimes one part more. */

/** Where a resource lives; `system` holds what Palette itself ships. */
export type ResourceContext = 'project' | 'tenant';

/** Palette's identifiers are 24 hexadecimal digits; anything else is a name. */
const UID = /^[0-9a-f]{24}$/i;

/** Whether text can be an identifier rather than a name. */
export function looksLikeUid(text: string): boolean {
  return UID.test(text);
}

/** An import id that does not have the form its resource asks for. */
export class ImportIdError extends Error {
  readonly code = 'InvalidImportId';

  constructor(given: string, expected: string) {
    super(`import id "${given}" does not have the form ${expected}`);
    this.name = 'ImportIdError';
  }
}

export interface ContextualImportId {
  readonly idOrName: string;
  readonly context: ResourceContext;
  /** What stands after the context: a version or a cloud type. */
  readonly rest: string | undefined;
}

/**
 * Reads `idOrName:context` or `idOrName:context:rest`.
 *
 * @param expected the form to show when the id is wrong, for example `idOrName:context`
 * @throws ImportIdError
 */
export function parseContextualImportId(
  id: string,
  { expected, rest }: { readonly expected: string; readonly rest: 'none' | 'optional' | 'required' },
): ContextualImportId {
  const [idOrName = '', context = '', ...others] = id.split(':');
  const tail = others.length === 0 ? undefined : others.join(':');
  const shaped = idOrName !== '' && (rest === 'optional' || (tail !== undefined) === (rest === 'required'));
  if (!shaped || tail === '' || (context !== 'project' && context !== 'tenant')) throw new ImportIdError(id, expected);
  return { idOrName, context, rest: tail };
}
