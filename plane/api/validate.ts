import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import type { Contract, Operation, Schema } from './contract.ts';

/** What does not fit the contract, and where. */
export interface Violation {
  /** For example `body.metadata.name` or `query.limit`. */
  readonly field: string;
  readonly message: string;
}

/** Checks of one operation; each compiles at its first use. */
export interface OperationValidator {
  /** Parameters of one place: texts become the types of the contract, defaults are filled in (both in place). */
  parameters(place: 'path' | 'query' | 'header', values: Record<string, unknown>): readonly Violation[];
  /** A parsed JSON body; defaults are filled in (in place). */
  body(value: unknown): readonly Violation[];
  /** An answer of the plane itself; is not changed. */
  reply(status: number, value: unknown): readonly Violation[];
}

/** How many violations are told at once. */
const MOST_VIOLATIONS = 20;
const ID = 'contract';

/** Makes validators over one contract; they share compiled schemas. */
export function createValidators({
  components,
}: Pick<Contract, 'components'>): (operation: Operation) => OperationValidator {
  // The contract is linted where it is made, so it is not checked against the schema of schemas again: that is most of
  // the start. Neither is the code of validators optimized: it would double the time to the first answer of each
  // operation and gains nothing to notice at these sizes.
  const common = {
    allErrors: true,
    strict: false,
    validateFormats: true,
    validateSchema: false,
    meta: false,
    code: { optimize: false },
  } as const;
  const parameters = prepare(new Ajv2020({ ...common, useDefaults: true, coerceTypes: true }), components);
  const bodies = prepare(new Ajv2020({ ...common, useDefaults: true }), components);
  const replies = prepare(new Ajv2020({ ...common, allErrors: false }), components);

  return (operation) => {
    const compiled = new Map<string, ValidateFunction>();
    const check = (
      ajv: Ajv2020,
      key: string,
      schema: () => Schema,
      root: string,
      value: unknown,
    ): readonly Violation[] => {
      let validate = compiled.get(key);
      if (!validate) {
        validate = ajv.compile(rebase(schema()));
        compiled.set(key, validate);
      }
      return validate(value) ? [] : violations(root, validate.errors ?? []);
    };
    return {
      parameters: (place, values) => check(parameters, place, () => parameterSchema(operation, place), place, values),
      body: (value) => check(bodies, 'body', () => operation.body?.schema ?? {}, 'body', value),
      reply: (status, value) =>
        check(replies, String(status), () => operation.replies.get(status)?.schema ?? {}, 'reply', value),
    };
  };
}

function prepare(ajv: Ajv2020, components: Contract['components']): Ajv2020 {
  addFormats.default(ajv);
  // Formats of OpenAPI that ajv does not know: numbers are checked by type, secrets and bytes not at all.
  for (const format of ['int64', 'int32', 'password', 'binary', 'byte']) ajv.addFormat(format, true);
  ajv.addSchema({ $id: ID, components });
  return ajv;
}

/** References of the contract point to its root (`#/components/…`); compiled alone, a schema must name the contract. */
function rebase(schema: Schema): Schema {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        key === '$ref' && typeof child === 'string' ? `${ID}${child}` : visit(child),
      ]),
    );
  };
  // An object stays an object.
  return visit(schema) as Schema;
}

function parameterSchema({ parameters }: Operation, place: string): Schema {
  const here = parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
    required: here.filter(({ required }) => required).map(({ name }) => name),
  };
}

function violations(root: string, errors: readonly ErrorObject[]): readonly Violation[] {
  return errors
    .slice(0, MOST_VIOLATIONS)
    .map((error) => ({ field: fieldOf(root, error.instancePath), message: messageOf(error) }));
}

function fieldOf(root: string, pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : `${path}.${step}`), root);
}

function messageOf({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'enum' && Array.isArray(params['allowedValues']))
    return `must be one of ${params['allowedValues'].join(', ')}`;
  return message ?? `does not fit '${keyword}'`;
}
