import type { OperationContext } from '#resources/engine/index';
import { AttributeError } from '#resources/engine/index';

/**
 * The identifier of the project of that name.
 *
 * @throws AttributeError at `name` when there is none; it says which there are
 */
export async function findProjectUid(
  { client, signal }: Pick<OperationContext, 'client' | 'signal'>,
  name: string,
): Promise<string> {
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' }, signal });
  const found = items.find(({ metadata }) => metadata?.name === name)?.metadata?.uid;
  if (found !== undefined) return found;
  throw new AttributeError(
    ['name'],
    `There is no project "${name}"`,
    `Projects in reach: ${listed(items.flatMap(({ metadata }) => metadata?.name ?? []))}.`,
  );
}

/** Up to ten names in quotes, for messages. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, 10).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
