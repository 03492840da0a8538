/** Takes secrets out of what leaves the agent for people to read: by value, by form, and by the name that a value has. */

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/** Shorter values are words of everyday use; taking them out would leave nothing to read. */
const LEAST_VALUE = 6;
/** Deeper structures are cut off: nothing of the agent's own is. */
const MAX_DEPTH = 24;

/** Names under which secrets are kept, whole or as a part: `dbPassword`, `aws_secret_access_key`, `s3.credentials`. */
const SECRET_NAME =
  /pass(word|wd|phrase)|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|\bseed\b|authorization|kubeconfig|\bjwt\b|cookie/i;
/** Names that only sound like one. */
const HARMLESS_NAME = /^(tokenDigest|secretName|secretRef|imagePullSecrets?|automountServiceAccountToken)$/;

/** Forms that are secrets wherever they stand. Names are looked for where words begin: long words would take their square. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  // JSON Web Tokens, those of the bus too.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
  // Access and registration tokens of agents.
  [/\bpa[rt]_[\w-]{20,}/g, REDACTED],
  // Seeds of the bus's keys.
  [/\bS[AUONCX][A-Z2-7]{56}\b/g, REDACTED],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi, `$1 ${REDACTED}`],
  // A password in an address, whatever stands before it without a space.
  [/(?<![a-z0-9+.-])([0-9+.-]*[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*):[^\s/@"']+@/gi, `$1:${REDACTED}@`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  // NAME=value and "name": "value" in running text.
  [
    /(?<![\w.-])(["']?[\w.-]*(?:password|passwd|passphrase|secret|api[-_]?key|access[-_]?key|token)["']?\s*[=:]\s*)("[^"]{1,512}"|'[^']{1,512}'|[^\s,;"'{}[\]]{4,512})/gi,
    `$1${REDACTED}`,
  ],
];

export interface Redactor {
  text(value: string): string;
  /** A copy of a JSON value: what is kept under a secret's name is taken out whole. */
  json(value: unknown): unknown;
}

/** @param values secrets that are known as such; each is taken out in its written, escaped and base64 form. */
export function createRedactor(values: Iterable<string> = []): Redactor {
  const known = new Set<string>();
  for (const value of values) {
    for (const one of [value, ...value.split('\n')].map((part) => part.trim())) {
      if (one.length < LEAST_VALUE) continue;
      known.add(one);
      known.add(JSON.stringify(one).slice(1, -1));
      known.add(encodeURIComponent(one));
    }
    if (value.length >= LEAST_VALUE) known.add(Buffer.from(value).toString('base64'));
  }
  // The longest first: a secret may hold another.
  const sorted = [...known].sort((a, b) => b.length - a.length);
  const byValue =
    sorted.length === 0
      ? undefined
      : new RegExp(sorted.map((one) => one.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
  const text = (value: string): string => {
    let result = byValue === undefined ? value : value.replace(byValue, REDACTED);
    for (const [form, replacement] of FORMS) result = result.replace(form, replacement);
    return result;
  };
  const json = (value: unknown, depth = 0): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) return '[too deep]';
    if (Array.isArray(value)) return value.map((item) => json(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        text(name),
        isSecretName(name) && isSecretValue(item) ? REDACTED : json(item, depth + 1),
      ]),
    );
  };
  return { text, json: (value) => json(value) };
}

/** Whether what is kept under this name is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}

/** Numbers, switches and what is empty say nothing. */
function isSecretValue(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null;
}
