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
    destination({ dest: options.fd ?? 2, sync: true }),
  );
}

/** A logger that drops everything, for tests and for callers that do not care. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
