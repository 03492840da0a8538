import type { Logger } from '#core/log';

/** Levels as Terraform names them, from all to nothing. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const;
export type HclogLevel = (typeof LEVELS)[number];

/** Values of fields with such a name never reach a log. */
const SECRET = /api_?key|password|passphrase|token|secret|authorization|credential|private_?key|kubeconfig|seed/i;

export interface HclogOptions {
  readonly level: HclogLevel;
  /** Writes one line with its end. */
  readonly write: (line: string) => void;
  readonly now?: () => Date;
  readonly fields?: object;
}

/**
 * A logger whose lines Terraform takes into its own log. Terraform itself ends with a panic when `@level`, `@message`
 * or `@timestamp` of a JSON line on standard error is not a string, so these come last and win over any field.
 */
export function createHclog({ level, write, now = () => new Date(), fields: own = {} }: HclogOptions): Logger {
  const threshold = LEVELS.indexOf(level);
  const log = (at: HclogLevel) => (fields: object, message: string) => {
    if (LEVELS.indexOf(at) < threshold) return;
    const line = {
      ...redact(own),
      ...redact(fields),
      '@module': 'spectrocloud',
      '@level': at,
      '@message': message,
      // Six digits of a second, as hclog reads them.
      '@timestamp': now().toISOString().replace('Z', '000Z'),
    };
    write(`${JSON.stringify(line)}\n`);
  };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (fields) => createHclog({ level, write, now, fields: { ...own, ...fields } }),
  };
}

/** The level that Terraform's own environment variables ask for. Nothing is logged unless it is asked for. */
export function logLevel(env: NodeJS.ProcessEnv): HclogLevel {
  const asked = (env['TF_LOG_PROVIDER_SPECTROCLOUD'] ?? env['TF_LOG_PROVIDER'] ?? env['TF_LOG'] ?? '').toLowerCase();
  if (asked === 'json') return 'trace';
  return LEVELS.find((level) => level === asked) ?? 'off';
}

function redact(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      SECRET.test(name) ? '[redacted]' : plain(value),
    ]),
  );
}

/** What can be shown of a value: errors by their message and cause, objects one level down, anything odd as text. */
function plain(value: unknown, depth = 0): unknown {
  if (value instanceof Error)
    return value.cause === undefined ? value.message : `${value.message}: ${String(plain(value.cause, depth))}`;
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value);
  if (Array.isArray(value)) return depth > 2 ? '[…]' : value.map((part) => plain(part, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 2) return '{…}';
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => [
      name,
      SECRET.test(name) ? '[redacted]' : plain(part, depth + 1),
    ]),
  );
}
