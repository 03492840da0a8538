import { alignElements } from './align.ts';
import { UNKNOWN, isBigDecimal, isCtyObject, partOf, type CtyObject, type CtyValue } from './cty.ts';
import { meansTheSame, meansTheSameBlock } from './equality.ts';
import type { ObjectModel } from './model.ts';

/**
 * The state after an apply: what was planned, and what the operation found out for all that was unknown or is
 * computed. Nothing is unknown in it. A value that was asked for is never replaced by what came back: the next read
 * tells drift.
 */
export function settle(object: ObjectModel, planned: CtyObject, returned: CtyObject): CtyObject {
  const settled: CtyObject = {};
  for (const field of object.fields) {
    const want = partOf(planned, field.name);
    const got = partOf(returned, field.name);
    if (field.kind === 'attribute') {
      settled[field.name] = want === UNKNOWN || (field.mode === 'computed' && got !== null) ? got : known(want);
    } else if (field.nesting === 'single') {
      settled[field.name] = isCtyObject(want) ? settle(field.object, want, isCtyObject(got) ? got : {}) : null;
    } else if (Array.isArray(want)) {
      const counterparts = alignElements(field, want, Array.isArray(got) ? got : []);
      settled[field.name] = want.map((element, index) =>
        isCtyObject(element) ? settle(field.object, element, counterparts[index] ?? {}) : element,
      );
    } else {
      settled[field.name] = Array.isArray(got) ? got : [];
    }
  }
  return settled;
}

/**
 * The state after a read: what was found, but the former value wherever that means the same (white space around
 * values, the order of a set, `""` for null), so that only real drift shows.
 */
export function refresh(object: ObjectModel, prior: CtyObject, found: CtyObject): CtyObject {
  const refreshed: CtyObject = {};
  for (const field of object.fields) {
    const before = partOf(prior, field.name);
    const got = partOf(found, field.name);
    if (field.kind === 'attribute') {
      refreshed[field.name] = meansTheSame(field, before, got) || isRounded(before, got) ? before : got;
    } else if (meansTheSameBlock(field, before, got)) {
      refreshed[field.name] = before ?? got;
    } else if (field.nesting === 'single') {
      refreshed[field.name] = isCtyObject(before) && isCtyObject(got) ? refresh(field.object, before, got) : got;
    } else {
      const elements = Array.isArray(got) ? got : [];
      const counterparts = alignElements(field, elements, Array.isArray(before) ? before : []);
      refreshed[field.name] = elements.map((element, index) => {
        const former = counterparts[index];
        return isCtyObject(element) && former !== undefined ? refresh(field.object, former, element) : element;
      });
    }
  }
  return refreshed;
}

/** Definitions work with doubles: a number that only differs because it went through one has not changed. */
function isRounded(before: CtyValue, got: CtyValue): boolean {
  if (typeof got !== 'number') return false;
  return (
    (typeof before === 'bigint' && Number(before) === got) || (isBigDecimal(before) && Number(before.text) === got)
  );
}

function known(value: CtyValue): CtyValue {
  if (value === UNKNOWN) return null;
  if (Array.isArray(value)) return value.map(known);
  return isCtyObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, known(part)]))
    : value;
}
