/**
 * Structural schemas: the part of OpenAPI v3 that Kubernetes takes in a custom resource definition and Crossplane in
 * an XRD, made from zod types, so that what a program parses and what the API server accepts is written once.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import * as z from 'zod';

/** A rule in the Common Expression Language that the API server checks on every write. */
export interface ValidationRule {
  readonly rule: string;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly reason?: 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueDuplicate';
  /** The field that the error is about, below the object that has the rule: `.forProvider.name`. */
  readonly fieldPath?: string;
}

export interface StructuralSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: true;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: true;
  readonly exclusiveMaximum?: true;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: StructuralSchema;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: StructuralSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** What a zod type cannot say about a field in Kubernetes. */
export interface KubernetesHints {
  readonly rules?: readonly ValidationRule[];
  readonly listType?: 'atomic' | 'set' | 'map';
  /** For `listType: 'map'`: the keys by which elements are told apart. */
  readonly listMapKeys?: readonly string[];
  /** Limits that make the cost of rules known where the zod type has none. */
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
}

const registry = z.registry<KubernetesHints>();

/** Attaches hints to a zod type, which keeps its static type. */
export function withHints<S extends z.ZodType>(schema: S, hints: KubernetesHints): S {
  // Registering under an instance of its own: a type that two fields share must not share hints.
  const own = schema.clone();
  const description = schema.description;
  const described = description === undefined ? own : own.describe(description);
  registry.add(described, { ...registry.get(schema), ...hints });
  return described;
}

/**
 * The structural schema of a zod type. Checks that OpenAPI has no word for (`.refine`, transforms) are left to the program.
 *
 * @throws TypeError naming the place when a type has no structural counterpart: a union of different types, a tuple, a date
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return convert(schema, 'schema');
}

/** The hints attached to exactly this instance. */
function hintsOf(schema: z.core.$ZodType): KubernetesHints {
  return registry.get(schema as z.ZodType) ?? {}; // as: every type that zod's classic API makes is a ZodType
}

/** As `structuralSchema`, for a type that is a field of another, without its default. @throws TypeError */
export function schemaWithoutDefault(schema: z.core.$ZodType): StructuralSchema {
  const { base, optional, nullable, description, hints } = unwrap(schema);
  return fromFacts({ base, optional, nullable, description, hints }, 'schema');
}

interface Unwrapped {
  readonly base: z.core.$ZodTypes;
  readonly optional: boolean;
  readonly nullable: boolean;
  readonly fallback?: { readonly value: unknown };
  readonly description: string | undefined;
  readonly hints: KubernetesHints;
}

/** Looks through wrappers; the outermost description, default and hints win. */
function unwrap(schema: z.core.$ZodType): Unwrapped {
  let at = schema as z.core.$ZodTypes; // as: $ZodTypes is the union of every class that extends $ZodType
  let description: string | undefined;
  let hints: KubernetesHints = {};
  let optional = false;
  let nullable = false;
  let fallback: { readonly value: unknown } | undefined;
  for (;;) {
    description ??= z.globalRegistry.get(at)?.description;
    hints = { ...hintsOf(at), ...hints };
    const { def } = at._zod;
    switch (def.type) {
      case 'optional':
        optional = true;
        break;
      case 'nullable':
        nullable = true;
        break;
      case 'default':
      case 'prefault':
        fallback ??= { value: def.defaultValue };
        break;
      case 'readonly':
      case 'nonoptional':
      case 'catch':
        break;
      case 'pipe':
        // What is written, not what a program makes of it.
        at = def.in as z.core.$ZodTypes; // as: see above
        continue;
      default:
        return {
          base: at,
          optional,
          nullable,
          description,
          hints,
          ...(fallback === undefined ? {} : { fallback }),
        };
    }
    at = def.innerType as z.core.$ZodTypes; // as: see above
  }
}

function convert(schema: z.core.$ZodType, where: string): StructuralSchema {
  return fromFacts(unwrap(schema), where);
}

function fromFacts(facts: Unwrapped, where: string): StructuralSchema {
  const { base, nullable, fallback, description, hints } = facts;
  return {
    ...(description === undefined ? {} : { description }),
    ...typeOf(base, where, hints),
    ...(fallback === undefined ? {} : { default: fallback.value }),
    ...(nullable ? { nullable: true as const } : {}),
    ...(hints.maxLength === undefined ? {} : { maxLength: hints.maxLength }),
    ...(hints.maxItems === undefined ? {} : { maxItems: hints.maxItems }),
    ...(hints.maxProperties === undefined ? {} : { maxProperties: hints.maxProperties }),
    ...(hints.rules === undefined ? {} : { 'x-kubernetes-validations': hints.rules }),
  };
}

function typeOf(base: z.core.$ZodTypes, where: string, hints: KubernetesHints): StructuralSchema {
  const { def } = base._zod;
  switch (def.type) {
    case 'string':
      return { type: 'string', ...stringChecks(base) };
    case 'template_literal':
      return {
        type: 'string',
        ...(base._zod.pattern === undefined ? {} : { pattern: patternText(base._zod.pattern) }),
      };
    case 'number':
      return numberType(base);
    case 'bigint':
      return { type: 'integer', format: 'int64' };
    case 'boolean':
      return { type: 'boolean' };
    case 'enum':
      return { type: 'string', enum: Object.values(def.entries) };
    case 'literal':
      return literalType(def.values, where);
    case 'array':
      return {
        type: 'array',
        items: convert(def.element, `${where}[]`),
        ...sizeChecks(base, 'Items'),
        ...(hints.listType === undefined ? {} : { 'x-kubernetes-list-type': hints.listType }),
        ...(hints.listMapKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': hints.listMapKeys }),
      };
    case 'record': {
      const values = convert(def.valueType, `${where}{}`);
      return {
        type: 'object',
        // Of a map whose values have no type, rules do not even see whether it is there.
        ...(values.type === undefined
          ? { 'x-kubernetes-preserve-unknown-fields': true as const }
          : { additionalProperties: values }),
        ...sizeChecks(base, 'Properties'),
      };
    }
    case 'object':
      return objectType(def.shape, def.catchall, where);
    case 'unknown':
    case 'any':
      return { 'x-kubernetes-preserve-unknown-fields': true };
    case 'union':
      return unionType(def.options, where);
    default:
      throw new TypeError(
        `${where}: a zod type "${def.type}" has no structural counterpart; use strings, numbers, booleans, enums, literals, arrays, records and objects`,
      );
  }
}

function objectType(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  catchall: z.core.$ZodType | undefined,
  where: string,
): StructuralSchema {
  const fields = Object.entries(shape).map(([key, field]) => ({ key, field, facts: unwrap(field) }));
  const required = fields.flatMap(({ key, facts }) => (facts.optional || facts.fallback !== undefined ? [] : [key]));
  const open = catchall !== undefined && catchall._zod.def.type !== 'never';
  if (fields.length === 0) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ key, field }) => [key, convert(field, `${where}.${key}`)])),
    ...(required.length === 0 ? {} : { required }),
    ...(open ? { 'x-kubernetes-preserve-unknown-fields': true as const } : {}),
  };
}

/** Options of one type become one: literals an enum, integer and string the type that is either. */
function unionType(options: readonly z.core.$ZodType[], where: string): StructuralSchema {
  const converted = options.map((option) => convert(option, where));
  const types = new Set(converted.map(({ type }) => type));
  if (types.size === 2 && types.has('string') && types.has('integer')) return { 'x-kubernetes-int-or-string': true };
  const [first] = converted;
  if (types.size === 1 && first?.type !== undefined) {
    if (converted.every((option) => option.enum !== undefined)) {
      return { type: first.type, enum: [...new Set(converted.flatMap((option) => option.enum ?? []))] };
    }
    if (first.type !== 'object' && first.type !== 'array') return { type: first.type };
  }
  throw new TypeError(
    `${where}: a union of ${[...types].join(' and ')} has no structural counterpart; write one object with optional fields and a rule`,
  );
}

function literalType(values: readonly unknown[], where: string): StructuralSchema {
  const [type, ...others] = [...new Set(values.map((value) => typeof value))];
  if (others.length === 0 && (type === 'string' || type === 'number' || type === 'boolean')) {
    return { type, enum: [...values] };
  }
  throw new TypeError(`${where}: literals of the types ${[type, ...others].join(', ')} have no structural counterpart`);
}

interface CheckDef {
  readonly check: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly length?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly format?: string;
  readonly pattern?: RegExp;
}

function checksOf(base: z.core.$ZodType): readonly CheckDef[] {
  // as: every check's definition has these of the properties that its kind knows
  const checks = (base._zod.def.checks ?? []).map((check) => check._zod.def as CheckDef);
  // z.int(), z.email() and the like are a check themselves.
  const own = base._zod.def as Partial<CheckDef>; // as: see above
  return own.check === undefined ? checks : [own as CheckDef, ...checks]; // as: its check is there
}

function stringChecks(base: z.core.$ZodType): Partial<StructuralSchema> {
  const patterns: string[] = [];
  let sizes: Partial<StructuralSchema> = {};
  for (const check of checksOf(base)) {
    if (check.check === 'string_format' && check.pattern !== undefined) patterns.push(patternText(check.pattern));
    if (check.check === 'min_length') sizes = { ...sizes, minLength: check.minimum ?? 0 };
    if (check.check === 'max_length') sizes = { ...sizes, maxLength: check.maximum ?? 0 };
    if (check.check === 'length_equals') sizes = { minLength: check.length ?? 0, maxLength: check.length ?? 0 };
  }
  // A schema has one pattern; of several the first is checked here and all of them by the program.
  return { ...sizes, ...(patterns[0] === undefined ? {} : { pattern: patterns[0] }) };
}

function numberType(base: z.core.$ZodType): StructuralSchema {
  let schema: StructuralSchema = { type: 'number' };
  for (const check of checksOf(base)) {
    if (check.check === 'number_format') {
      const whole = check.format !== 'float32' && check.format !== 'float64';
      schema = { ...schema, type: whole ? 'integer' : 'number', ...(whole ? { format: 'int64' } : {}) };
    }
    if (check.check === 'greater_than') {
      schema = {
        ...schema,
        minimum: Number(check.value),
        ...(check.inclusive === true ? {} : { exclusiveMinimum: true as const }),
      };
    }
    if (check.check === 'less_than') {
      schema = {
        ...schema,
        maximum: Number(check.value),
        ...(check.inclusive === true ? {} : { exclusiveMaximum: true as const }),
      };
    }
    if (check.check === 'multiple_of') schema = { ...schema, multipleOf: Number(check.value) };
  }
  return schema;
}

function sizeChecks(base: z.core.$ZodType, of: 'Items' | 'Properties'): Partial<StructuralSchema> {
  const sizes: Record<string, number> = {};
  for (const { check, minimum, maximum, length } of checksOf(base)) {
    if ((check === 'min_length' || check === 'min_size') && minimum !== undefined) sizes[`min${of}`] = minimum;
    if ((check === 'max_length' || check === 'max_size') && maximum !== undefined) sizes[`max${of}`] = maximum;
    if ((check === 'length_equals' || check === 'size_equals') && length !== undefined) {
      sizes[`min${of}`] = sizes[`max${of}`] = length;
    }
  }
  return sizes;
}

/** The pattern in the syntax of Go's regexp, which has flags in front. */
function patternText(pattern: RegExp): string {
  const flags = [...pattern.flags].filter((flag) => flag === 'i' || flag === 'm' || flag === 's').join('');
  return flags === '' ? pattern.source : `(?${flags})${pattern.source}`;
}
