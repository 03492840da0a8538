import type { KubernetesObject } from '#packs/index';

import type { RuleContext } from './policy.ts';
import type { ObjectSelector } from './policy-spec.ts';

export type Selects = (object: KubernetesObject, context: RuleContext) => boolean;

/** Whether an object is one of those that any of the selectors names. */
export function selects(selectors: readonly ObjectSelector[]): Selects {
  const tests = selectors.map(({ layer, kind, namespace, name }) => ({
    layer: glob(layer),
    kind: glob(kind),
    namespace: glob(namespace),
    name: glob(name),
  }));
  return ({ kind, metadata }, context) =>
    tests.some(
      (test) =>
        test.layer(context.layer) &&
        test.kind(kind) &&
        test.namespace(metadata.namespace ?? '') &&
        test.name(metadata.name),
    );
}

/** A test for texts in which `*` stands for any text; without pattern everything fits. Linear in the text. */
export function glob(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined || pattern === '*') return () => true;
  const [head = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(head) || text.length < head.length + last.length || !text.endsWith(last)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
