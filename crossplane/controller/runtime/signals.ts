import { setMaxListeners } from 'node:events';

/** A controller whose signal many listen to at once. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  shared(controller.signal);
  return controller;
}

/** Lets many listen to a signal, which is no leak here: Node's warning about it is off. */
export function shared(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
