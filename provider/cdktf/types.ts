/** Types of constructs, made from the types of a definition's values. */
import type { ConfigOf, StateOf } from '#resources/engine/index';
import type * as z from 'zod';

import type { IResolvable, TerraformMetaArguments, TerraformResource } from './cdktf.ts';

/**
 * A value in which tokens are allowed at every depth. Enumerations are still completed by an
 * editor, and take the attribute of another construct all the same.
 */
export type Tokenized<T> = T extends string
  ? T | (string & {}) | IResolvable
  : T extends number | boolean
    ? T | IResolvable
    : T extends readonly (infer Element)[]
      ? readonly Tokenized<Element>[] | IResolvable
      : T extends object
        ? { readonly [K in keyof T]: Tokenized<T[K]> } | IResolvable
        : T;

/** What a definition is, as far as types go. */
export interface Definition {
  readonly schema: z.ZodObject;
}

type Arguments<T> = { readonly [K in keyof T]: Tokenized<T[K]> };

/** What the construct of a definition takes: attributes and blocks in camelCase, and Terraform's meta-arguments. */
export type Config<D extends Definition> = Arguments<ConfigOf<D>> & TerraformMetaArguments;

/** A list of objects that is known after apply: `get(0).host`, or `all` for the whole. */
export interface ObjectList<Element> {
  get(index: number): Element;
  readonly all: IResolvable;
}

/** A map that is known after apply. */
export interface ValueMap<Value> {
  get(key: string): Value;
  readonly all: IResolvable;
}

/** What stands for an attribute in a program: a token of the attribute's type where there is one. */
export type Reference<T> = [T] extends [string]
  ? string
  : [T] extends [number]
    ? number
    : [T] extends [boolean]
      ? IResolvable
      : [T] extends [readonly (infer Element)[]]
        ? [Element] extends [string]
          ? string[]
          : [Element] extends [number]
            ? number[]
            : ObjectList<Reference<Element>>
        : [T] extends [object]
          ? string extends keyof T
            ? ValueMap<Reference<T[keyof T]>>
            : { readonly [K in keyof T]-?: Reference<NonNullable<T[K]>> }
          : IResolvable;

/** The attribute's own name, unless constructs have a member of that name: then `nameAttribute`. */
type MemberName<K> = K extends string ? (K extends keyof TerraformResource ? `${K}Attribute` : K) : never;

/** Attributes of a construct, to be handed to others. */
export type References<D extends Definition> = {
  readonly [K in keyof StateOf<D> as MemberName<K>]-?: Reference<NonNullable<StateOf<D>[K]>>;
};
