import { isCtyObject, partOf, type CtyObject, type CtyValue } from './cty.ts';
import { meansTheSame, meansTheSameBlock } from './equality.ts';
import type { BlockModel, ObjectModel } from './model.ts';

/**
 * Finds, for each element of a repeated block, the element that it was (or became): by its identifying key where the
 * definition names one, by position in a list, by what is configured in a set. Every counterpart is given out once.
 */
export function alignElements(
  block: BlockModel,
  elements: readonly CtyValue[],
  others: readonly CtyValue[],
): (CtyObject | undefined)[] {
  const rest: (CtyValue | undefined)[] = [...others];
  const take = (index: number): CtyObject | undefined => {
    const found = rest[index];
    rest[index] = undefined;
    return isCtyObject(found) ? found : undefined;
  };
  const key = block.traits.identifiedBy;
  const name = key === undefined ? undefined : block.object.fields.find((field) => field.key === key)?.name;
  return elements.map((element, position) => {
    if (name === undefined && block.nesting === 'list') return take(position);
    if (!isCtyObject(element)) return undefined;
    if (name === undefined)
      return take(rest.findIndex((other) => isCtyObject(other) && sameConfigured(block.object, element, other)));
    const wanted = element[name];
    const matches = (other: CtyValue | undefined): boolean =>
      isCtyObject(other) && typeof wanted !== 'symbol' && other[name] === wanted;
    // Of several with one key, the one at the same position is the likeliest.
    return take(matches(rest[position]) ? position : rest.findIndex(matches));
  });
}

/** Whether two objects are the same in all that a configuration says; what is computed does not count. */
function sameConfigured(object: ObjectModel, a: CtyObject, b: CtyObject): boolean {
  return object.fields.every((field) => {
    const x = partOf(a, field.name);
    const y = partOf(b, field.name);
    if (field.kind === 'attribute') {
      if (
        field.mode === 'computed' ||
        (field.mode === 'optionalComputed' && (typeof x === 'symbol' || x === null || y === null))
      )
        return true;
      return meansTheSame(field, x, y);
    }
    if (!Array.isArray(x) || !Array.isArray(y)) return meansTheSameBlock(field, x, y);
    return (
      x.length === y.length &&
      alignElements({ ...field, traits: {} }, x, y).every((other, index) => {
        const element = x[index];
        return other !== undefined && isCtyObject(element) && sameConfigured(field.object, element, other);
      })
    );
  });
}
