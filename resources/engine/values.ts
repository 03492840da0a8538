import type * as z from 'zod';

import type { Unknown } from './cty.ts';

/** Types of values, made from a definition's zod object. */

type Wrapped<S> = S extends
  | z.ZodOptional<infer I>
  | z.ZodDefault<infer I>
  | z.ZodReadonly<infer I>
  | z.ZodNullable<infer I>
  ? I
  : never;

/** Whether a zod type is marked by `computed`. */
export type IsComputed<S> = S extends z.ZodReadonly ? true : S extends z.ZodOptional<infer I> ? IsComputed<I> : false;

/** Whether a configuration may leave it out. */
export type IsOptional<S> = S extends z.ZodOptional | z.ZodDefault
  ? true
  : S extends z.ZodReadonly<infer I>
    ? IsOptional<I>
    : false;

/** Whether it may be without a value in the state: what has a default never is. */
type MayBeAbsent<S> = S extends z.ZodOptional | z.ZodReadonly ? true : false;

type Flat<T> = { [K in keyof T]: T[K] } & {};

type Value<S> = [Wrapped<S>] extends [never]
  ? S extends z.ZodObject<infer Shape>
    ? Fields<Shape>
    : S extends z.ZodArray<infer Element>
      ? Value<Element>[]
      : S extends z.ZodRecord<z.core.$ZodRecordKey, infer Element>
        ? Record<string, Value<Element>>
        : S extends z.ZodType
          ? z.output<S>
          : never
  : Value<Wrapped<S>>;

type Fields<Shape> = Flat<
  { [K in keyof Shape as MayBeAbsent<Shape[K]> extends true ? never : K]: Value<Shape[K]> } & {
    [K in keyof Shape as MayBeAbsent<Shape[K]> extends true ? K : never]?: Value<Shape[K]> | undefined;
  }
>;

type Input<S> = [Wrapped<S>] extends [never]
  ? S extends z.ZodObject<infer Shape>
    ? InputFields<Shape>
    : S extends z.ZodArray<infer Element>
      ? Input<Element>[]
      : S extends z.ZodRecord<z.core.$ZodRecordKey, infer Element>
        ? Record<string, Input<Element>>
        : S extends z.ZodType
          ? z.input<S>
          : never
  : Input<Wrapped<S>>;

type InputFields<Shape> = Flat<
  {
    [
      K in keyof Shape as IsComputed<Shape[K]> extends true ? never : IsOptional<Shape[K]> extends true ? never : K
    ]: Input<Shape[K]>;
  } & {
    [K in keyof Shape as IsComputed<Shape[K]> extends true ? never : IsOptional<Shape[K]> extends true ? K : never]?:
      | Input<Shape[K]>
      | undefined;
  }
>;

type PartlyKnown<T> = T extends readonly (infer E)[]
  ? PartlyKnown<E>[] | Unknown
  : T extends object
    ? { [K in keyof T]?: PartlyKnown<T[K]> | undefined } | Unknown
    : T | Unknown;

/** What is to be: the configuration with its defaults; computed values are there only if they stay what they were. */
export type PlannedValues<S extends z.ZodObject> = S extends z.ZodObject<infer Shape> ? Fields<Shape> : never;

/** What is: every attribute and the id. */
export type StateValues<S extends z.ZodObject> = PlannedValues<S> & { id: string };

/** What a user writes: no computed attributes; what has a default or is computed otherwise may be left out. */
export type ConfigValues<S extends z.ZodObject> = S extends z.ZodObject<infer Shape> ? InputFields<Shape> : never;

/** A configuration before everything in it is known: any value, at any depth, may be `UNKNOWN` instead. */
export type PartlyKnownValues<S extends z.ZodObject> =
  S extends z.ZodObject<infer Shape>
    ? { [K in keyof Fields<Shape>]?: PartlyKnown<Fields<Shape>[K]> | undefined }
    : never;
