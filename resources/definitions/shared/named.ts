/** Finding objects by name, as users know them. */
import { isNotFound } from '#openapi/client/index';
import { AttributeError } from '#resources/engine/index';

import { looksLikeUid, parseContextualImportId, type ResourceContext } from './import-id.ts';
import { listed } from './projects.ts';

export interface NamedObject {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * The identifier of the object of that name.
 *
 * @param word what people call such an object
 * @throws AttributeError at `attribute` when there is none, or more than one
 */
export function uidOfName(
  name: string,
  objects: readonly NamedObject[],
  { word, attribute }: { readonly word: string; readonly attribute: string },
): string {
  const [uid, ...others] = objects.flatMap((object) =>
    object.name === name && object.uid !== undefined ? [object.uid] : [],
  );
  if (uid === undefined)
    throw new AttributeError(
      [attribute],
      `There is no ${word} "${name}"`,
      `Those in reach: ${listed([...new Set(objects.flatMap((object) => object.name ?? []))])}.`,
    );
  if (others.length > 0)
    throw new AttributeError(
      [attribute],
      `There are ${others.length + 1} of the name "${name}"`,
      `Their identifiers: ${[uid, ...others].join(', ')}. Look in the context that the ${word} belongs to.`,
    );
  return uid;
}

/**
 * The identifier of an object that is given by identifier or name.
 *
 * @throws AttributeError at `id` when there is no such object
 */
async function resolveNamed(
  idOrName: string,
  {
    word,
    read,
    list,
  }: {
    readonly word: string;
    /** Reads the object of an identifier; throws when there is none. */
    readonly read: (uid: string) => Promise<unknown>;
    readonly list: () => Promise<readonly NamedObject[]>;
  },
): Promise<string> {
  if (looksLikeUid(idOrName)) {
    try {
      await read(idOrName);
      return idOrName;
    } catch (error) {
      // A name may have the form of an identifier.
      if (!isNotFound(error)) throw error;
    }
  }
  return uidOfName(idOrName, await list(), { word, attribute: 'id' });
}

/**
 * What an import by `idOrName:context` names.
 *
 * @throws AttributeError at `id` when it has another form, or there is no such object
 */
export async function importNamed(
  id: string,
  {
    word,
    read,
    list,
  }: {
    readonly word: string;
    /** Reads the object of an identifier; throws when there is none. */
    readonly read: (uid: string, context: ResourceContext) => Promise<unknown>;
    readonly list: (context: ResourceContext) => Promise<readonly NamedObject[]>;
  },
): Promise<{ readonly id: string; readonly context: ResourceContext }> {
  const { idOrName, context } = parseContextualImportId(id, { expected: 'idOrName:context', rest: 'none' });
  const uid = await resolveNamed(idOrName, {
    word,
    read: async (candidate) => read(candidate, context),
    list: async () => list(context),
  });
  return { id: uid, context };
}

/** The context that metadata tells of, where it tells one. */
export function contextOf(
  metadata: { readonly annotations?: Readonly<Record<string, string>> } | undefined,
  fallback: 'project' | 'tenant',
): 'project' | 'tenant' {
  const scope = metadata?.annotations?.['scope'];
  return scope === 'project' || scope === 'tenant' ? scope : fallback;
}
