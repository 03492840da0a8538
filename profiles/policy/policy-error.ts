/** What is wrong with a policy itself. */
export interface PolicyProblem {
  /** Place in the policy, such as `rules[2].expression`. */
  readonly field: string;
  readonly message: string;
}

/** A policy that no rules can be made of. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'InvalidPolicy';
  readonly problems: readonly PolicyProblem[];
  constructor(problems: readonly PolicyProblem[], options?: ErrorOptions) {
    super(problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('\n'), options);
    this.problems = problems;
  }
}
