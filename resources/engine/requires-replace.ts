import { alignElements } from './align.ts';
import { isCtyObject, partOf, type CtyObject, type CtyValue } from './cty.ts';
import { meansTheSame, meansTheSameBlock } from './equality.ts';
import type { BlockModel, ObjectModel } from './model.ts';
import { attributeStep, indexStep, type TerraformPath } from './path.ts';

/** The paths whose change from one state to the other needs a new resource. */
export function requiresReplace(object: ObjectModel, prior: CtyObject, planned: CtyObject): TerraformPath[] {
  return object.fields.flatMap((field): TerraformPath[] => {
    const before = partOf(prior, field.name);
    const after = partOf(planned, field.name);
    const path = [attributeStep(field.name)];
    if (field.kind === 'attribute')
      return field.traits.forceNew === true && !meansTheSame(field, before, after) ? [path] : [];
    if (meansTheSameBlock(field, before, after)) return [];
    return field.traits.forceNew === true ? [path] : within(field, before, after).map((rest) => [...path, ...rest]);
  });
}

/** The paths inside a block that changed. An element that came or went counts with the whole block. */
function within(block: BlockModel, before: CtyValue, after: CtyValue): TerraformPath[] {
  if (!hasForceNew(block.object)) return [];
  if (block.nesting === 'single')
    return isCtyObject(before) && isCtyObject(after) ? requiresReplace(block.object, before, after) : [[]];
  if (!Array.isArray(before) || !Array.isArray(after)) return [[]];
  const counterparts = alignElements(block, after, before);
  const paths = after.flatMap((element, index): TerraformPath[] => {
    const former = counterparts[index];
    if (former === undefined || !isCtyObject(element)) return [[]];
    const inside = requiresReplace(block.object, former, element);
    // Elements of a set have no address.
    return block.nesting === 'set' ? inside.map(() => []) : inside.map((rest) => [indexStep(index), ...rest]);
  });
  const gone = counterparts.filter((former) => former !== undefined).length < before.length;
  const whole = gone || paths.some((path) => path.length === 0);
  return whole ? [[]] : paths;
}

function hasForceNew(object: ObjectModel): boolean {
  return object.fields.some(
    (field) => field.traits.forceNew === true || (field.kind === 'block' && hasForceNew(field.object)),
  );
}
