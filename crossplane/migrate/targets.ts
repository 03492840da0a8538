/** What manifests may become: our kinds with their schemas. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

import { type JsonMap, isMap, mapAt } from '#kubernetes/object';
import { type AnyResource, type ResourceType, resources } from '#resources/index';

import { managedFields } from '../schema/fields.ts';
import { type KindScope, type ManagedKind, managedKinds } from '../schema/kinds.ts';
import { managedCrd } from '../schema/managed-crd.ts';
import { isGiven } from '../schema/values.ts';
import type { ManagedTarget } from './managed.ts';
import type { Path } from './report.ts';

interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Every kind that something can become. */
export async function loadTargets(): Promise<(type: ResourceType, scope: KindScope) => ManagedTarget> {
  // Kubernetes has words that JSON Schema does not know; the API server checks those.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const targets = new Map<string, ManagedTarget>();
  for (const kind of managedKinds()) {
    targets.set(`${kind.type} ${kind.scope}`, targetOf(kind, await resources[kind.type](), ajv));
  }
  return (type, scope) => {
    const target = targets.get(`${type} ${scope}`);
    if (target === undefined) throw new Error(`there is no kind for ${type}`);
    return target;
  };
}

function targetOf(kind: ManagedKind, definition: AnyResource, ajv: Ajv): ManagedTarget {
  const schema = managedCrd(kind, definition).spec.versions[0].schema.openAPIV3Schema;
  let validate: ValidateFunction | undefined;
  return {
    kind,
    spec: schema.properties?.['spec'] ?? {},
    check: (object) => {
      validate ??= ajv.compile(withoutLimits(schema));
      const wrong = validate(object) ? [] : (validate.errors ?? []).map(problemOf);
      return [...wrong, ...missingFields(definition, object)];
    },
  };
}

/** The same without limits in OpenAPI's form, which JSON Schema writes otherwise. */
function withoutLimits(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) =>
      key.startsWith('exclusiveM') && entry === true ? undefined : entry,
    ),
  );
}

function problemOf({ instancePath, keyword, message = 'is not valid', params }: ErrorObject): Problem {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  if (keyword === 'required') return { path: [...path, String(params['missingProperty'])], message: 'is required' };
  const allowed: unknown = params['allowedValues'];
  return { path, message: Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : message };
}

/** Fields that an object needs, unless it only observes; the API server has these as rules. */
function missingFields(definition: AnyResource, object: JsonMap): Problem[] {
  const spec = mapAt(object, 'spec');
  const policies = spec['managementPolicies'];
  const observes = Array.isArray(policies) && !['*', 'Create', 'Update'].some((policy) => policies.includes(policy));
  if (observes || !isMap(spec['forProvider'])) return [];
  const given = [mapAt(spec, 'forProvider'), mapAt(spec, 'initProvider')];
  return managedFields(definition)
    .filter((field) => field.input && field.model.kind === 'attribute' && field.model.mode === 'required')
    .filter((field) => !given.some((parameters) => isGiven(field, parameters)))
    .map(({ key }) => ({ path: ['spec', 'forProvider', key], message: 'is required' }));
}
