/** What is wrong with a profile, with the place where it is wrong. */
import type { Severity } from '#packs/index';

export interface ProfileProblem {
  readonly severity: Severity;
  /** `name` or `name version` of the profile; empty before there is one. */
  readonly profile: string;
  readonly layer?: string;
  /** `values`, `manifest NAME`, a file of the pack, or the program's file. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly message: string;
  /** Stable, kebab-case name of the check that found it. */
  readonly rule: string;
}

/** One line that a person can read: `profile base 1.0.0, layer nginx, values:3:5: error: message (rule)`. */
export function formatProfileProblem({ severity, profile, layer, message, rule, ...place }: ProfileProblem): string {
  const at = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const where = [profile && `profile ${profile}`, layer && `layer ${layer}`, at].filter(Boolean).join(', ');
  return `${where === '' ? '' : `${where}: `}${severity}: ${message} (${rule})`;
}

/** A profile that cannot be used as it is. `problems` has at least one entry; the message shows all of them. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly problems: readonly ProfileProblem[];

  constructor(problems: readonly ProfileProblem[], options?: ErrorOptions) {
    super(problems.map(formatProfileProblem).join('\n'), options);
    this.problems = problems;
  }

  /** A failure that is one problem. */
  static of(problem: Omit<ProfileProblem, 'severity'>, options?: ErrorOptions): ProfileError {
    return new ProfileError([{ severity: 'error', ...problem }], options);
  }
}

/** How messages name a profile. */
export function titleOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return version === '' ? name : `${name} ${version}`;
}
