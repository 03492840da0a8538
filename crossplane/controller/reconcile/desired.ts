/** What is asked for: the parameters of a managed resource with the values of its references and Secrets in them. */
import { readSecret } from '#kubernetes/secret';
import type { CtyObject } from '#resources/engine/cty';
import type { AttributePath } from '#resources/engine/index';
import { fromTyped } from '#resources/engine/state-conversion';

import {
  findReferences,
  findSecrets,
  isGiven,
  toConfig,
  withInitial,
  withValue,
  type FoundSecret,
  type JsonObject,
} from '../../schema/values.ts';
import { specPath } from '../../schema/words.ts';
import { PassFailure, describeFailure } from './failure.ts';
import type { Pass } from './pass.ts';
import { specMap } from './policies.ts';
import { resolveReference } from './references.ts';

export interface Desired {
  /** In the engine's terms. */
  readonly config: CtyObject;
  /** Values of the Secrets that the parameters name. */
  readonly secrets: readonly ResolvedSecret[];
  /** Fields (in the engine's names) that `initProvider` alone gives: they count when the object is made, and never again. */
  readonly initialOnly: readonly string[];
}

export interface ResolvedSecret {
  readonly path: AttributePath;
  readonly value: string;
  /** Given by `initProvider` alone: another content later is no reason to do anything. */
  readonly initialOnly: boolean;
}

export interface DesiredOptions {
  /** For a new external object `initProvider` counts, too. */
  readonly initial: boolean;
  /** Leave references and Secrets out, for what is on its way out. */
  readonly unresolved?: boolean;
}

/** What the object asks for. @throws PassFailure when a reference or a Secret is not there yet */
export async function desiredOf(pass: Pass, { initial, unresolved = false }: DesiredOptions): Promise<Desired> {
  const { object, fields, definition, model } = pass;
  const forProvider = specMap(object, 'forProvider');
  const initProvider = specMap(object, 'initProvider');
  const whole = withInitial(fields, forProvider, initProvider);
  const given = initial ? whole : forProvider;
  const initialOnly = fields.filter((field) => isGiven(field, initProvider) && !isGiven(field, forProvider));
  const [references, secrets] = unresolved
    ? [[], []]
    : await Promise.all([
        Promise.all(
          findReferences(fields, given).map(async (found) => ({
            path: found.path,
            value: await resolveReference(pass, found),
          })),
        ),
        Promise.all(
          // An update sends the object whole, what it was made with included.
          findSecrets(fields, whole).map(async (found) => ({
            path: found.path,
            value: await resolveSecret(pass, found),
            initialOnly: initialOnly.some(({ key }) => key === found.path[0]),
          })),
        ),
      ]);
  const parameters = [...references, ...secrets].reduce<JsonObject>(
    (values, { path, value }) => withValue(values, path, value),
    given,
  );
  try {
    return {
      config: fromTyped(model, toConfig(fields, parameters)),
      secrets,
      initialOnly: initialOnly.map((field) => field.model.name),
    };
  } catch (error) {
    throw new PassFailure(
      describeFailure(definition, error),
      { reason: 'InvalidSpec', event: 'InvalidSpec', requeue: 'rest' },
      { cause: error },
    );
  }
}

async function resolveSecret({ object, deps, definition, signal }: Pass, found: FoundSecret): Promise<string> {
  const namespace = object.metadata.namespace ?? found.namespace;
  const fail = (what: string): PassFailure =>
    new PassFailure(`${specPath(definition, found.path)}: ${what}`, {
      reason: 'SecretNotReady',
      event: 'CannotReadSecret',
    });
  if (namespace === undefined) throw fail('name the namespace of the Secret.');
  const data = await readSecret(deps.kube, namespace, found.name, { signal });
  if (data === undefined) throw fail(`there is no Secret ${namespace}/${found.name}.`);
  const value = data.get(found.key);
  if (value !== undefined) return value.toString('utf8');
  const keys = [...data.keys()].toSorted().join(', ');
  throw fail(`Secret ${namespace}/${found.name} has no key ${found.key}; it has ${keys === '' ? 'none' : keys}.`);
}
