import * as z from 'zod';

/**
 * How two values of an attribute are compared, besides being the same: white space around them does not count, or an
 * empty one means the default.
 */
export type SemanticEquality = 'trimSpace' | 'emptyIsDefault';

/** What an attribute refers to: `attribute` of another resource. For documentation and for references between managed resources. */
export interface Reference {
  readonly resource: string;
  readonly attribute: string;
}

/** What a zod type cannot say about an attribute or a block. Every trait is off by default. */
export interface Traits {
  /** A change replaces the resource. */
  readonly forceNew?: boolean;
  /** A change is refused: it is fixed when the resource is made. */
  readonly immutable?: boolean;
  /** The provider sets it when the configuration does not. Set by `optionalComputed`. */
  readonly optionalComputed?: boolean;
  /** Hidden from plans and logs. */
  readonly sensitive?: boolean;
  /** An array without order and duplicates. */
  readonly set?: boolean;
  /** An object, or an array of objects, that is written as an attribute (`x = {}`), not as a block (`x {}`). */
  readonly attr?: boolean;
  /** Says that it should no longer be used, and what to use instead. */
  readonly deprecated?: string;
  /** Values that are not the same but mean the same; the prior one is then kept. */
  readonly equality?: SemanticEquality;
  /** Keys beside this one of which at most one may be set. */
  readonly conflictsWith?: readonly string[];
  readonly reference?: Reference;
  /** For what the provider computes: helps to reach the resource, so it belongs to its connection details. */
  readonly connection?: boolean;
  /**
   * For what the provider computes: keys beside this one. When one of them changes, the value is
   * known after apply only; otherwise it stays what it was.
   */
  readonly changesWith?: readonly string[];
  /**
   * A key beside this one that says as much. Not configured, this one stays what it was while that key is configured to
   * what it was: after an import, say, which cannot know which of the two the configuration has.
   */
  readonly saidBy?: string;
  /**
   * For arrays of objects: the key by which an element is the same element before and after, so that computed values
   * stay with it when elements are added, removed or moved. Default: the position in a list; in a set, all that is configured.
   */
  readonly identifiedBy?: string;
}

const registry = z.registry<Traits>();

/** Attaches traits to a zod type, which keeps its static type: `tf(z.string(), { forceNew: true })`. */
export function tf<S extends z.ZodType>(schema: S, traits: Traits): S {
  // Registering under the instance itself: a type that two attributes share (a const) must not share traits.
  const own = schema.clone();
  registry.add(own, { ...registry.get(schema), ...traits });
  return own;
}

/** What the provider alone sets: no argument, always there after apply. */
export function computed<S extends z.ZodType>(schema: S, traits: Traits = {}): z.ZodReadonly<S> {
  return tf(schema.readonly(), traits);
}

/** What the provider sets when the configuration does not. */
export function optionalComputed<S extends z.ZodType>(schema: S, traits: Traits = {}): z.ZodOptional<S> {
  return tf(schema.optional(), { ...traits, optionalComputed: true });
}

/** The traits attached to exactly this instance, wrappers not regarded. */
export function traitsOf(schema: z.core.$ZodType): Traits {
  return registry.get(schema as z.ZodType) ?? {}; // as: every type that zod's classic API makes is a ZodType
}
