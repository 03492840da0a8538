import { PackError } from './problem.ts';

/** Files of a pack or chart by their path: relative, forward slashes, no `.` or `..`, sorted by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

/**
 * The path in its one canonical form.
 *
 * @throws PackError `UnsafePath` for a path that is absolute, climbs out of its root, or means
 *   different things to different systems (backslash, drive letter, control character).
 */
export function safePath(path: string): string {
  const refuse = (why: string): PackError =>
    PackError.at(
      'UnsafePath',
      shownPath(path),
      'path-escape',
      `the path ${why}; paths in a pack are relative, with forward slashes, and stay inside it`,
    );
  if (path.startsWith('/')) throw refuse('is absolute');
  if (/^[A-Za-z]:/.test(path)) throw refuse('names a drive');
  if (path.includes('\\')) throw refuse('has a backslash');
  // Control characters are looked for on purpose: a terminal would act on them.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) throw refuse('has a control character');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw refuse('climbs out of the pack');
  if (parts.length === 0) throw refuse('is empty');
  return parts.join('/');
}

/** The path as shown to people: control characters replaced, length bounded. */
export function shownPath(path: string): string {
  // oxlint-disable-next-line no-control-regex
  const clean = path.replace(/[\u0000-\u001f\u007f]/g, '?');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}

/** The same files in the order of their paths. */
export function sortFiles(files: Iterable<readonly [string, Uint8Array]>): Map<string, Uint8Array> {
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files below a directory, with paths relative to it. */
export function filesBelow(files: Files, directory: string): Map<string, Uint8Array> {
  const prefix = `${directory}/`;
  const below = new Map<string, Uint8Array>();
  for (const [path, content] of files) if (path.startsWith(prefix)) below.set(path.slice(prefix.length), content);
  return below;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: false });

/** The file as text, without a byte order mark; bytes that are no UTF-8 become U+FFFD. */
export function textOf(content: Uint8Array): string {
  return decoder.decode(content);
}

/** The last segment of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
