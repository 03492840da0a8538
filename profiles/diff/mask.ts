/** What of an object must not be shown. */
import { isMap, type JsonMap } from '#kubernetes/object';

/** Stands where a secret value stood. */
export const MASKED = '(sensitive)';

/** Gives a JSON value as it may be shown. */
export type Mask = (value: unknown) => unknown;

/**
 * A mask for values of sensitive variables: each text is hidden wherever it occurs, as it is and in base64, in keys and
 * values, also as a number or truth value. Texts of one or two characters are hidden only where they are all of a value:
 * else a diff would say nothing any more, and where. Empty texts hide nothing.
 */
export function maskTexts(texts: readonly string[]): Mask {
  // Values of files end with a line break, which does not go everywhere with them.
  const trimmed = texts.flatMap((text) => [text, text.trim()]);
  const hidden = [...new Set(trimmed.filter((text) => text.length > 2).flatMap(forms))].sort(
    (a, b) => b.length - a.length,
  );
  const whole = new Set(trimmed.filter((text) => text !== ''));
  if (whole.size === 0) return (value) => value;
  const pattern = new RegExp(hidden.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  const mask = (value: unknown): unknown => {
    if (typeof value === 'string')
      return whole.has(value) ? MASKED : hidden.length === 0 ? value : value.replaceAll(pattern, MASKED);
    if (typeof value === 'number' || typeof value === 'boolean') return whole.has(String(value)) ? MASKED : value;
    if (Array.isArray(value)) return value.map(mask);
    if (isMap(value))
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(mask(key)), mask(item)]));
    return value;
  };
  return mask;
}

/** Base64 depends on where a text begins in what is encoded: only whole values are found, which is what templates make. */
function forms(text: string): string[] {
  const encoded = Buffer.from(text).toString('base64');
  // The JSON and YAML forms of a text with quotes or line ends in it.
  const quoted = JSON.stringify(text).slice(1, -1);
  // In YAML the lines of a text stand indented.
  const lines = text.includes('\n') ? text.split('\n').map((line) => line.trim()) : [];
  return [text, encoded, encoded.replace(/=+$/, ''), quoted, ...lines.filter((line) => line.length > 7)];
}

const SECRET_FIELDS: ReadonlySet<string> = new Set(['data', 'stringData']);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether the field of a map holds what nobody may see: the content of a core Secret. */
export function isSecretField(map: JsonMap, field: string): boolean {
  return isSecret(map) && SECRET_FIELDS.has(field);
}

export function isSecret(value: unknown): boolean {
  return (
    isMap(value) && value['kind'] === 'Secret' && (value['apiVersion'] === 'v1' || value['apiVersion'] === undefined)
  );
}

/** A value in which the contents of Secrets are hidden, keys kept, however deep they stand in it. */
export function maskSecretContent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecretContent);
  if (!isMap(value)) return value;
  const secret = isSecret(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (secret && SECRET_FIELDS.has(key)) return [key, maskLeaves(item)];
      if (secret && key === 'metadata') return [key, maskMetadata(item)];
      return [key, maskSecretContent(item)];
    }),
  );
}

function maskMetadata(metadata: unknown): unknown {
  if (!isMap(metadata) || !isMap(metadata['annotations']) || !(LAST_APPLIED in metadata['annotations']))
    return metadata;
  return { ...metadata, annotations: { ...metadata['annotations'], [LAST_APPLIED]: MASKED } };
}

/** Everything hidden but the keys of a map. */
export function maskLeaves(value: unknown): unknown {
  if (!isMap(value)) return value === undefined ? undefined : MASKED;
  return Object.fromEntries(Object.keys(value).map((key) => [key, MASKED]));
}

/** Whether a path below a Secret leads to the copy of its content that kubectl keeps. */
export function isLastApplied(key: string): boolean {
  return key === LAST_APPLIED;
}
