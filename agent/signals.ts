import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted with the first of these. Many requests listen to it at once, which is
 * no leak here: Node's warning about it is off.
 */
export function joinSignals(...signals: readonly AbortSignal[]): AbortSignal {
  const joined = AbortSignal.any([...signals]);
  setMaxListeners(0, joined);
  return joined;
}
