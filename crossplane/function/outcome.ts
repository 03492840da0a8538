/** What comes of looking up what a composite names. */
import { isApiError } from '#openapi/client/index';

/** A closed list, so that people can filter by it: reasons of conditions and of events. */
export type Reason =
  /** The composite or the function's input is not as its schema says. */
  | 'InvalidSpec'
  /** Something it names does not exist: a profile, a version, a pack, a registry, an account. */
  | 'NotFound'
  /** Values for variables are not those that the profile takes, or a variable's definition is wrong. */
  | 'InvalidVariables'
  /** A PaletteClusterProfile that it refers to is not there yet. */
  | 'WaitingForProfile'
  | 'ProviderConfigNotFound'
  | 'CredentialsInvalid'
  | 'ProjectNotFound'
  | 'ApiUnreachable'
  /** The API answers, but not what it should. */
  | 'LookupFailed';

/** Something wrong at a field, in words that say what to do. */
export interface Problem {
  readonly reason: Reason;
  /** Where: `spec.profiles[0].version`. */
  readonly path: string;
  readonly message: string;
}

export type Outcome<T> =
  | { readonly kind: 'resolved'; readonly value: T }
  /** Somebody has to change something. */
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] }
  /** It mends itself, or somebody mends what is not the composite's. The message stays the same while it lasts. */
  | { readonly kind: 'unavailable'; readonly reason: Reason; readonly message: string };

export function resolved<T>(value: T): Outcome<T> {
  return { kind: 'resolved', value };
}

export function wrong(reason: Reason, path: string, message: string): Outcome<never> {
  return { kind: 'wrong', problems: [{ reason, path, message }] };
}

/** All values, or all problems; when something is unavailable that alone is told, since the rest is not known. */
export function every<T>(outcomes: readonly Outcome<T>[]): Outcome<readonly T[]> {
  const values: T[] = [];
  const problems: Problem[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'unavailable') return outcome;
    if (outcome.kind === 'wrong') problems.push(...outcome.problems);
    else values.push(outcome.value);
  }
  return problems.length > 0 ? { kind: 'wrong', problems } : resolved(values);
}

/** The API took longer than anybody waits. */
export const late: Outcome<never> = {
  kind: 'unavailable',
  reason: 'ApiUnreachable',
  message: 'The API takes too long to answer: check that it runs, and the way there (network, proxy, firewall)',
};

/** Runs look-ups and tells their failures as an outcome. @throws what is no failure of the API */
export async function attempt<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return late;
    if (!isApiError(error)) throw error;
    // No request id and no duration: a message that changes each time would change the condition each time.
    const told = `${error.method} ${error.path}: ${error.reason}`;
    if (error.status === 401 || error.status === 403) {
      return { kind: 'unavailable', reason: 'CredentialsInvalid', message: `The API refuses the key: ${told}` };
    }
    const answered = error.status >= 400 && error.status < 500 && error.status !== 429;
    return answered
      ? { kind: 'unavailable', reason: 'LookupFailed', message: told }
      : { kind: 'unavailable', reason: 'ApiUnreachable', message: told };
  }
}
