import { isCtyObject, type CtyObject, type CtyValue } from './cty.ts';
import type { TerraformPath } from './path.ts';

/** A copy of an object in which the value at a path is another one. A path that leads nowhere changes nothing. */
export function withValueAt(object: CtyObject, path: TerraformPath, value: CtyValue): CtyObject {
  const changed = replaceAt(object, path, value);
  return isCtyObject(changed) ? changed : object;
}

function replaceAt(at: CtyValue, [step, ...rest]: TerraformPath, value: CtyValue): CtyValue {
  if (step === undefined) return value;
  if (step.kind === 'index')
    return Array.isArray(at)
      ? at.map((element, index) => (index === step.index ? replaceAt(element, rest, value) : element))
      : at;
  const name = step.kind === 'attribute' ? step.name : step.key;
  return isCtyObject(at) && name in at ? { ...at, [name]: replaceAt(at[name] ?? null, rest, value) } : at;
}
