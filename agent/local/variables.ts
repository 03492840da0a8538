/**
 * Variables that the desired state leaves to people at the cluster: their values lie in a Secret, and go before the plane's
 * where they still fit what the desired state says of them. The signed document itself stays as it is.
 */
import { z } from 'zod';

import { sha256 } from '#core/digest';
import type { Logger } from '#core/log';
import { parseLoosely } from '#core/parse-loosely';
import { backoffDelay, delay } from '#core/retry';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { readSecret, secretRef, writeSecret } from '#kubernetes/secret';
import { validateVariable } from '#packs/variables';
import { canonicalJson } from '#protocol/canonical';
import type { DesiredState, LocalVariable } from '#protocol/desired-state';

import { createKeyedLock } from '../enforce/keyed-lock.ts';
import type { PolicyInForce } from '../enforce/policy-in-force.ts';

const VARIABLES_SECRET = 'palette-agent-local-variables';
const VALUES_KEY = 'values.json';
const AWAY = { baseMs: 250, maxMs: 10_000 };

const Stored = z.object({ clusterUid: z.string(), values: z.record(z.string(), z.string()) });

export interface VariableFault {
  readonly variable: string;
  readonly message: string;
}

/** What of a document people at the cluster have a say in. */
type Localisable = Pick<DesiredState, 'context' | 'layers' | 'localVariables'>;

export interface LocalVariables {
  /** Reads what was set for a cluster before; waits for an API server that is away. @throws the signal's reason */
  load(clusterUid: string, options: CallOptions): Promise<void>;
  values(): Readonly<Record<string, string>>;
  /** Sets some, takes others back (null); all of them, or none when something stands against one. @throws KubeError */
  set(
    clusterUid: string,
    definitions: readonly LocalVariable[],
    change: Readonly<Record<string, string | null>>,
    options: CallOptions,
  ): Promise<readonly VariableFault[]>;
  /** @throws KubeError */
  remove(options: CallOptions): Promise<void>;
  /** The policy with what was set here in it. */
  localise(policy: PolicyInForce): PolicyInForce;
  /** The same for a document alone. */
  localiseDocument<D extends Localisable>(document: D): D;
}

export function createLocalVariables(client: KubeClient, namespace: string, log: Logger): LocalVariables {
  let current: Readonly<Record<string, string>> = {};
  const oneAtATime = createKeyedLock();
  return {
    load: async (clusterUid, options) => {
      const text = await readPatiently(client, namespace, log, options);
      const stored = Stored.safeParse(text === undefined ? undefined : parseLoosely(text));
      if (text !== undefined && !stored.success)
        log.warn(
          { object: `Secret ${namespace}/${VARIABLES_SECRET}` },
          'variables set at the cluster cannot be read; those of the plane count',
        );
      current = stored.success && stored.data.clusterUid === clusterUid ? stored.data.values : {};
    },
    values: () => current,
    set: async (clusterUid, definitions, change, options) =>
      oneAtATime('values', async () => {
        const faults = faultsOf(definitions, current, change);
        if (faults.length > 0 || Object.keys(change).length === 0) return faults;
        const values: Record<string, string> = { ...current };
        for (const [name, value] of Object.entries(change)) {
          if (value === null) delete values[name];
          else values[name] = value;
        }
        const data = { [VALUES_KEY]: JSON.stringify({ clusterUid, values }) };
        await writeSecret(client, { namespace, name: VARIABLES_SECRET, data }, options);
        current = values;
        return [];
      }),
    remove: async (options) => {
      current = {};
      await client.delete(secretRef(namespace, VARIABLES_SECRET), options);
    },
    localise: (policy) => {
      const values = applicable(policy.document, current);
      if (Object.keys(values).length === 0) return policy;
      return { ...policy, document: withValues(policy.document, values), local: sha256(canonicalJson(values)) };
    },
    localiseDocument: (document) => withValues(document, applicable(document, current)),
  };
}

async function readPatiently(
  client: KubeClient,
  namespace: string,
  log: Logger,
  options: CallOptions,
): Promise<string | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await readSecret(client, namespace, VARIABLES_SECRET, options))?.get(VALUES_KEY)?.toString('utf8');
    } catch (error) {
      options.signal.throwIfAborted();
      log.warn({ err: error, attempt }, 'variables set at the cluster cannot be read now, trying again');
      await delay(backoffDelay(attempt, AWAY), options);
    }
  }
}

/** Values that the document still leaves to the cluster and that are still right. */
function applicable(
  { localVariables = [] }: Localisable,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    localVariables.flatMap((definition) => {
      const value = Object.hasOwn(values, definition.name) ? values[definition.name] : undefined;
      return value === undefined || validateVariable(definition, value) !== undefined ? [] : [[definition.name, value]];
    }),
  );
}

function withValues<D extends Localisable>(document: D, values: Readonly<Record<string, string>>): D {
  if (Object.keys(values).length === 0) return document;
  const over = (given: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, values[name] ?? value]));
  return {
    ...document,
    context: { ...document.context, variables: { ...document.context.variables, ...sharedOnly(document, values) } },
    layers: document.layers.map((layer) =>
      layer.variables === undefined ? layer : { ...layer, variables: over(layer.variables) },
    ),
  };
}

/** Variables that some layers have of their own are theirs alone: other layers have never heard of them. */
function sharedOnly(
  { layers }: Localisable,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = new Set(layers.flatMap(({ variables = {} }) => Object.keys(variables)));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !own.has(name)));
}

/** What stands against a change, by variable. */
export function faultsOf(
  definitions: readonly LocalVariable[],
  present: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
): readonly VariableFault[] {
  return Object.entries(change).flatMap(([variable, value]): VariableFault[] => {
    const definition = definitions.find(({ name }) => name === variable);
    if (!definition) return [{ variable, message: 'there is no such variable that could be set here' }];
    const before = Object.hasOwn(present, variable) ? present[variable] : undefined;
    if (definition.immutable === true && before !== undefined && before !== value)
      return [{ variable, message: 'it was set before and cannot be changed' }];
    const fault = value === null ? undefined : validateVariable(definition, value);
    return fault === undefined ? [] : [{ variable, message: fault }];
  });
}
