import { setMaxListeners } from 'node:events';

/** A controller whose signal many listen to at once, which is no leak here: Node's warning about it is off. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
