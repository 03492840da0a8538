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

export interface ContextualImportId<Context extends string = ResourceContext> {
  readonly idOrName: string;
  readonly context: Context;
  /** What stands after the context: a version or a cloud type. */
  readonly rest: string | undefined;
}

/** The form of an import id. */
export interface ImportIdForm<Context extends string> {
  readonly contexts: readonly Context[];
  /** The form to show when the id is wrong, for example `idOrName:context`. */
  readonly expected: string;
  /** Whether a part follows the context. */
  readonly rest: 'none' | 'optional' | 'required';
}

/** Reads `idOrName:context` or `idOrName:context:rest`. @throws ImportIdError */
export function parseImportId<Context extends string>(
  id: string,
  { contexts, expected, rest }: ImportIdForm<Context>,
): ContextualImportId<Context> {
  const [idOrName = '', given = '', ...others] = id.split(':');
  const tail = others.length === 0 ? undefined : others.join(':');
  const context = contexts.find((candidate) => candidate === given);
  const shaped = rest === 'optional' || (tail !== undefined) === (rest === 'required');
  if (idOrName === '' || context === undefined || !shaped || tail === '') {
    throw new ImportIdError(id, `${expected}, where context is ${contexts.join(' or ')}`);
  }
  return { idOrName, context, rest: tail };
}

/** The import id of these parts; undefined when the name cannot be told from what follows it. */
export function importIdOf(name: string, ...rest: readonly string[]): string | undefined {
  return name.includes(':') ? undefined : [name, ...rest].join(':');
}

/** Reads an import id whose context is `project` or `tenant`. @throws ImportIdError */
export function parseContextualImportId(
  id: string,
  form: Omit<ImportIdForm<ResourceContext>, 'contexts'>,
): ContextualImportId {
  return parseImportId(id, { ...form, contexts: ['project', 'tenant'] });
}
