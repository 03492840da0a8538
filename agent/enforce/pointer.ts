/** JSON pointers (RFC 6901) into objects. A step `*` stands for every item of a list and every key of a map. */
import { isMap } from '#kubernetes/object';

export type Path = readonly string[];

/** The steps of a pointer; `~1` is a slash and `~0` a tilde within a step. */
function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The paths of a value that a pointer leads to; none where it leads nowhere. */
export function pathsOf(pointer: string, value: unknown): readonly Path[] {
  let found: readonly { readonly path: Path; readonly value: unknown }[] = [{ path: [], value }];
  for (const step of parsePointer(pointer)) {
    found = found.flatMap((at) =>
      stepsInto(at.value, step).map((key) => ({ path: [...at.path, key], value: childOf(at.value, key) })),
    );
  }
  return found.map(({ path }) => path);
}

function stepsInto(value: unknown, step: string): string[] {
  if (step === '*')
    return Array.isArray(value) ? [...value.keys()].map(String) : Object.keys(isMap(value) ? value : {});
  return childOf(value, step) === undefined ? [] : [step];
}

/** What stands under one step; undefined when there is nothing. */
export function childOf(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(step) ? value[Number(step)] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** A copy of the value with something else at a path; undefined takes the field away. Items of lists keep their place. */
export function withValueAt(value: unknown, path: Path, replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  const child = withValueAt(childOf(value, step), rest, replacement);
  if (Array.isArray(value)) {
    const at = Number(step);
    return child === undefined ? value.toSpliced(at, 1) : value.with(at, child);
  }
  if (!isMap(value)) return value;
  return child === undefined
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== step))
    : { ...value, [step]: child };
}
