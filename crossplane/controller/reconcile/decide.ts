/** What is to be done about the difference between what is asked for and what is. Pure. */
import { partOf, isCtyObject, type CtyObject } from '#resources/engine/cty';
import type { AnyResource } from '#resources/engine/index';
import { isEmpty, meansTheSame, meansTheSameBlock, meansTheSameObject } from '#resources/engine/equality';
import { alignElements } from '#resources/engine/align';
import { modelOf, type FieldModel, type ObjectModel } from '#resources/engine/model';
import { attributeStep, indexStep, type TerraformPath } from '#resources/engine/path';
import { hasChanged, planObject } from '#resources/engine/plan';
import { requiresReplace } from '#resources/engine/requires-replace';

import { attributePath, specPath } from '../../schema/words.ts';

export type Decision =
  | { readonly kind: 'upToDate' }
  /** The API cannot change this in place, and nothing is ever deleted to change it. */
  | { readonly kind: 'replace'; readonly paths: readonly string[] }
  | {
      readonly kind: 'update';
      readonly planned: CtyObject;
      /** Paths of what differs: `spec.forProvider.description`. */
      readonly changed: readonly string[];
      /** Those of them that somebody else changed. */
      readonly drifted: readonly string[];
    };

export interface Situation {
  /** What was asked for and done last; absent when that is not known. */
  readonly settled: CtyObject | undefined;
  /** What was found. */
  readonly observed: CtyObject;
  readonly config: CtyObject;
  /** Secrets have other values than those that the API got. */
  readonly secretsChanged: boolean;
}

export function decide(definition: AnyResource, { settled, observed, secretsChanged, ...given }: Situation): Decision {
  const model = modelOf(definition);
  const config = withFixed(model, given.config, observed);
  const planned = planObject(model, observed, config);
  if (meansTheSameObject(model, observed, planned) && !secretsChanged) return { kind: 'upToDate' };
  const show = (paths: readonly TerraformPath[]): string[] => [
    ...new Set(paths.map((path) => specPath(definition, attributePath(definition, path)))),
  ];
  const fixed = [...requiresReplace(model, observed, planned), ...immutableChanges(model, observed, planned)];
  const changed = changedPaths(model, observed, planned);
  if (fixed.length > 0) return { kind: 'replace', paths: show(fixed) };
  if (definition.update === undefined) return { kind: 'replace', paths: show(changed) };
  const asked = settled === undefined ? undefined : new Set(show(changedPaths(model, settled, planned)));
  const all = show(changed);
  return {
    kind: 'update',
    planned,
    changed: all,
    drifted: asked === undefined ? [] : all.filter((path) => ![...asked].some((other) => overlaps(path, other))),
  };
}

/** Who says nothing of what is fixed asks for no change of it: an object that is taken over stays as it was made. */
function withFixed({ fields }: ObjectModel, config: CtyObject, observed: CtyObject): CtyObject {
  const whole = { ...config };
  for (const { name, traits } of fields) {
    if (traits.forceNew !== true && traits.immutable !== true) continue;
    if (isEmpty(partOf(config, name))) whole[name] = partOf(observed, name);
  }
  return whole;
}

function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || a.startsWith(`${b}[`) || b.startsWith(`${a}.`) || b.startsWith(`${a}[`);
}

/** The paths of what the definition declares fixed, and a plan changes nevertheless. */
function immutableChanges(object: ObjectModel, before: CtyObject, after: CtyObject): TerraformPath[] {
  return object.fields
    .filter((field) => field.traits.immutable === true && hasChanged(field, before, after))
    .map((field) => [attributeStep(field.name)]);
}

/** The paths at which two objects differ in meaning, as deep as elements can be told apart. */
export function changedPaths(object: ObjectModel, before: CtyObject, after: CtyObject): TerraformPath[] {
  return object.fields.flatMap((field) => changesOf(field, before, after));
}

function changesOf(field: FieldModel, before: CtyObject, after: CtyObject): TerraformPath[] {
  const a = partOf(before, field.name);
  const b = partOf(after, field.name);
  const path = [attributeStep(field.name)];
  if (field.kind === 'attribute') {
    // What is known only afterwards changes along with something else, which is named.
    return typeof b === 'symbol' || meansTheSame(field, a, b) ? [] : [path];
  }
  if (meansTheSameBlock(field, a, b)) return [];
  if (isCtyObject(a) && isCtyObject(b)) return below(path, changedPaths(field.object, a, b));
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length || field.nesting === 'set') return [path];
  const counterparts = alignElements(field, b, a);
  const inside = b.flatMap((element, index): TerraformPath[] => {
    const former = counterparts[index];
    if (!isCtyObject(element) || former === undefined) return [path];
    return below([...path, indexStep(index)], changedPaths(field.object, former, element));
  });
  return inside.length === 0 ? [path] : inside;
}

function below(path: TerraformPath, rest: readonly TerraformPath[]): TerraformPath[] {
  return rest.map((steps) => [...path, ...steps]);
}
