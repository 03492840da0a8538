/** A log in which errors of the API server, which quotes what it does not like, hold no values of sensitive variables. */
import type { Logger } from '#core/log';

/** @param mask takes secrets out of a text; asked each time, since documents change what is secret */
export function maskedLog(log: Logger, mask: (text: string) => string): Logger {
  const fields = (given: object): object => ('err' in given ? { ...given, err: masked(given.err, mask) } : given);
  return {
    debug: (given, message) => log.debug(fields(given), message),
    info: (given, message) => log.info(fields(given), message),
    warn: (given, message) => log.warn(fields(given), message),
    error: (given, message) => log.error(fields(given), message),
    child: (given) => maskedLog(log.child(given), mask),
  };
}

/** Errors in the form in which they are logged anyway. */
function masked(error: unknown, mask: (text: string) => string): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const status: unknown = 'status' in error ? error.status : undefined;
  return {
    type: name,
    message: mask(message),
    ...(stack === undefined ? {} : { stack: mask(stack) }),
    ...(status === undefined ? {} : { status }),
    ...(cause === undefined ? {} : { cause: masked(cause, mask) }),
  };
}
