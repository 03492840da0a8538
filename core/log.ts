import { pino, destination } from 'pino';

/** Structured log, passed in and never global: fields first, then a constant sentence. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Field names whose values never reach a log, at the top level and one level down. */
const SECRET_FIELDS = [
  'apiKey',
  'apikey',
  'ApiKey',
  'password',
  'token',
  'accessToken',
  'authorization',
  'Authorization',
  'secret',
  'secretKey',
  'seed',
  'privateKey',
  'credentials',
  'kubeconfig',
];

/** Characters that wait for a disk that takes them. */
const MAX_WAITING = 1024 * 1024;

/** A logger that writes one JSON object a line. Default: standard error, level `info`. */
export function createLogger(
  options: { readonly level?: LogLevel; readonly name?: string; readonly fd?: number } = {},
): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      ...(options.name === undefined ? {} : { name: options.name }),
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    },
    neverThrowing(destination({ dest: options.fd ?? 2, sync: true, maxLength: MAX_WAITING })),
  );
}

/** A log whose disk is full stops nobody: what cannot be written waits, and beyond the bound is lost. */
function neverThrowing(out: { write(line: string): unknown }): { write(line: string): void } {
  return {
    write: (line) => {
      try {
        out.write(line);
      } catch {
        // There is nowhere left to tell it.
      }
    },
  };
}

/** A logger that drops everything, for tests and for callers that do not care. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
