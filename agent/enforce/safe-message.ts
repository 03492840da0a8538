/** Messages of the API server as they may be told to others. */
import { isSecret, type Mask } from '#profiles/diff/mask';

import type { KubeError } from '#kubernetes/error';
import { describeRef, type KubeObject, type ObjectRef } from '#kubernetes/object';

export const MAX_MESSAGE = 2_000;

/** What was wrong, without the object's name, which stands beside it, and without what is secret. At most 2,000 characters. */
export function safeMessage(error: Pick<KubeError, 'message'>, ref: ObjectRef, object: KubeObject, mask: Mask): string {
  const message = withoutName(error, ref);
  return String(mask(isSecret(object) ? withoutQuotes(message) : message)).slice(0, MAX_MESSAGE);
}

/** What was wrong, without the step and the object's name. */
export function withoutName({ message }: Pick<KubeError, 'message'>, ref: ObjectRef): string {
  const prefix = `${describeRef(ref)}: `;
  const at = message.indexOf(prefix);
  return at < 0 ? message : message.slice(at + prefix.length);
}

/** The API server quotes what it does not like, also from a Secret. */
function withoutQuotes(message: string): string {
  return message
    .replaceAll(/\{Value:[^}]*\}/g, '{(sensitive)}')
    .replaceAll(/Invalid value: ("(?:[^"\\]|\\.)*"|\S+)/g, 'Invalid value: (sensitive)');
}
