/** What is wrong with a pack, with the place where it is wrong. */

export type Severity = 'error' | 'warning';

export interface Problem {
  readonly severity: Severity;
  /** Path inside the pack, with forward slashes; for text that is no file, a name for it (`values`). */
  readonly file: string;
  /** 1-based; absent when the problem concerns the whole file. */
  readonly line?: number;
  /** 1-based, counted in UTF-16 units as editors do. */
  readonly column?: number;
  readonly message: string;
  /** Stable, kebab-case name of the check that found it. */
  readonly rule: string;
}

/** One line a person can read and an editor can jump to: `file:line:column: severity: message (rule)`. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  return `${place}: ${problem.severity}: ${problem.message} (${problem.rule})`;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Order in which problems are told: by file, then place, then errors before warnings. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.severity, b.severity) ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

/** By code unit, so that an order never depends on the locale of a machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export type PackErrorCode =
  | 'UnreadableArchive'
  | 'LimitExceeded'
  | 'UnsafePath'
  | 'InvalidPack'
  | 'UnreadableDirectory';

/** A pack that cannot be opened at all. `problems` has at least one entry. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly code: PackErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: PackErrorCode, problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join('\n'), options);
    this.code = code;
    this.problems = problems;
  }

  /** A failure that is one problem with one file. */
  static at(code: PackErrorCode, file: string, rule: string, message: string, options?: ErrorOptions): PackError {
    return new PackError(code, [{ severity: 'error', file, rule, message }], options);
  }
}
