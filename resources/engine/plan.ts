import { alignElements } from './align.ts';
import { UNKNOWN, isCtyObject, partOf, type CtyObject, type CtyValue } from './cty.ts';
import { isZero, meansTheSame, meansTheSameBlock } from './equality.ts';
import type { AttributeModel, BlockModel, FieldModel, ObjectModel } from './model.ts';
import { valueFromTyped } from './state-conversion.ts';

/**
 * What is to be, from what was and what is configured. A pure function.
 *
 * - What is configured counts; where it means the same as before (see `meansTheSame`), the former value stays, so that
 *   there is nothing to do.
 * - What is not configured takes its default. Without one it is null; an empty former value stays, and so does what
 *   another key says as well (`saidBy`).
 * - What the provider computes stays what it was; in something new, or when one of the keys named by `changesWith`
 *   changes, it is unknown until apply.
 *
 * @param prior absent when the object is new
 */
export function planObject(object: ObjectModel, prior: CtyObject | undefined, config: CtyObject): CtyObject {
  const planned: CtyObject = {};
  for (const field of object.fields) {
    const before = prior === undefined ? undefined : partOf(prior, field.name);
    const configured = partOf(config, field.name);
    planned[field.name] =
      field.kind === 'attribute' ? planAttribute(field, before, configured) : planBlock(field, before, configured);
  }
  if (prior !== undefined) {
    keepWhatIsSaid(object, prior, config, planned);
    forgetWhatChangesWith(object, prior, config, planned);
  }
  return planned;
}

function planAttribute(attribute: AttributeModel, before: CtyValue | undefined, configured: CtyValue): CtyValue {
  const keepIfSame = (value: CtyValue): CtyValue =>
    before !== undefined && meansTheSame(attribute, before, value) ? before : value;
  if (configured !== null) return keepIfSame(configured);
  if (attribute.fallback !== undefined)
    return keepIfSame(valueFromTyped(attribute.value, attribute.fallback.value, attribute.name));
  if (attribute.mode === 'computed' || attribute.mode === 'optionalComputed')
    return before === undefined ? UNKNOWN : before;
  return before !== undefined && isZero(before) ? before : null;
}

function planBlock(block: BlockModel, before: CtyValue | undefined, configured: CtyValue): CtyValue {
  if (configured === UNKNOWN) return UNKNOWN;
  if (block.nesting === 'single')
    return isCtyObject(configured)
      ? planObject(block.object, isCtyObject(before) ? before : undefined, configured)
      : null;
  const elements = Array.isArray(configured) ? configured : [];
  const former = Array.isArray(before) ? before : [];
  if (elements.length === 0 && former.length > 0 && block.traits.optionalComputed === true) return former;
  const counterparts = alignElements(block, elements, former);
  const planned = elements.map((element, index) =>
    isCtyObject(element) ? planObject(block.object, counterparts[index], element) : element,
  );
  // A set has no order: the former one stays, so that nothing seems to change.
  return block.nesting === 'set' && meansTheSameBlock(block, former, planned) ? former : planned;
}

/** Keeps what the configuration leaves out and says by another key, which is what it was. */
function keepWhatIsSaid(object: ObjectModel, prior: CtyObject, config: CtyObject, planned: CtyObject): void {
  for (const field of object.fields) {
    if (field.kind !== 'attribute' || field.traits.saidBy === undefined || partOf(config, field.name) !== null)
      continue;
    const other = object.fields.find(({ key }) => key === field.traits.saidBy);
    if (other?.kind !== 'attribute') continue;
    const configured = partOf(config, other.name);
    if (configured !== null && meansTheSame(other, partOf(prior, other.name), configured))
      planned[field.name] = partOf(prior, field.name);
  }
}

/** Makes unknown what the definition says changes together with a key that changes. */
function forgetWhatChangesWith(object: ObjectModel, prior: CtyObject, config: CtyObject, planned: CtyObject): void {
  const changed = new Set(object.fields.filter((field) => hasChanged(field, prior, planned)).map(({ key }) => key));
  for (const field of object.fields) {
    if (field.kind !== 'attribute' || field.mode === 'required' || field.mode === 'optional') continue;
    const configured = partOf(config, field.name) !== null;
    if (!configured && field.traits.changesWith?.some((key) => changed.has(key)) === true)
      planned[field.name] = UNKNOWN;
  }
}

/** Whether a plan changes a field. What is unknown may change, and counts as a change. */
export function hasChanged(field: FieldModel, prior: CtyObject, planned: CtyObject): boolean {
  const before = partOf(prior, field.name);
  const after = partOf(planned, field.name);
  return field.kind === 'attribute' ? !meansTheSame(field, before, after) : !meansTheSameBlock(field, before, after);
}
