/** What `migrate` tells about a manifest, each with the place that it is about. */

/**
 * - `lost`: something of the manifest has no counterpart and is not in what was written;
 * - `action`: written, but somebody has to do something before it works or before it is safe;
 * - `changed`: carried over in another form.
 */
export type FindingLevel = 'lost' | 'action' | 'changed';

export interface Finding {
  readonly level: FindingLevel;
  readonly file: string;
  /** Of the file, the first is 1. */
  readonly document: number;
  readonly line: number;
  /** `Profile team-a/base`. */
  readonly object: string;
  /** `spec.forProvider.pack[0].tag`; empty for the object as a whole. */
  readonly path: string;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** A path as people write it: `spec.pack[0].name`, `metadata.annotations["crossplane.io/paused"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** One line about a finding: level, place, what. */
export function formatFinding({ level, file, document, line, object, path, message }: Finding): string {
  const at = path === '' ? '' : ` ${path}`;
  return `${level}: ${file}:${line}: document ${document}, ${object}${at}: ${message}`;
}

/** In the order of the files, then of places in them. */
export function sortFindings(findings: readonly Finding[], files: readonly string[]): Finding[] {
  return [...findings].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.document - b.document || a.line - b.line,
  );
}
