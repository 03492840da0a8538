import { isJsonObject, parseYamlStream, type Json } from '../yaml.ts';
import { RenderError } from './errors.ts';
import type { SourcedObject } from './finish.ts';
import { parseObject } from './kubernetes-object.ts';

/** Reads a stream of objects; `List` objects give their items. @throws RenderError `InvalidContent`. */
export function readObjects(
  pack: string,
  text: string,
  fileOf: (comment: string) => string,
  withLines: boolean,
): readonly SourcedObject[] {
  const { documents, problems } = parseYamlStream(text);
  if (problems.length > 0) {
    throw new RenderError(
      'InvalidContent',
      problems.map(({ message, line, column }) => ({
        pack,
        file: fileOf(''),
        message,
        ...(withLines ? { line, column } : {}),
      })),
    );
  }
  const sourced: SourcedObject[] = [];
  for (const { value, line, comment } of documents) {
    const file = fileOf(comment);
    for (const item of itemsOf(value)) {
      const parsed = parseObject(item);
      if (parsed.kind === 'invalid')
        throw new RenderError('InvalidContent', [
          { pack, file, ...(withLines ? { line } : {}), message: parsed.message },
        ]);
      sourced.push({ object: deepFreeze(parsed.object), file });
    }
  }
  return sourced;
}

function itemsOf(value: Json): readonly Json[] {
  if (!isJsonObject(value)) return [value];
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items.flatMap((item: Json) => itemsOf(item))
    : [value];
}

/** Rendered objects are remembered and handed out again, so nobody may change them. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
