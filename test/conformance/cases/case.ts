/** The form of the table: what is written once and rendered for every front. */
import type { ConfigOf, resources, ResourceType, StateOf } from '#resources/index';

import type { ConformancePlane } from '../support/plane.ts';

type Definitions = { readonly [T in ResourceType]: Awaited<ReturnType<(typeof resources)[T]>> };

/** What a user writes, with a definition's own (camelCase) keys. */
export type Values = Readonly<Record<string, unknown>>;

/** A resource with a name of its own: others refer to it with `referenceTo`. */
export interface Named {
  readonly type: ResourceType;
  readonly name: string;
  readonly values: Values;
}

/** A configuration, and what it leads to. */
export interface Step {
  readonly values: Values;
  /** What a front shows of the resource then: some of its attributes, at any depth. `null` is a value that is not there. */
  readonly state: Values;
  /** Exactly what the plane holds then, as `stored` reads it. */
  readonly stored: unknown;
  /** What the agent of the cluster got to enforce. */
  readonly enforced?: { readonly layers: readonly string[]; readonly variables: Readonly<Record<string, string>> };
}

export interface NamedStep extends Step {
  readonly name: string;
  /** The change makes another object in the plane, which takes the place of the one before or leaves it as it is. */
  readonly another?: 'beside' | 'instead';
}

/** A configuration that is refused. */
export interface Refusal {
  readonly name: string;
  readonly values: Values;
  /** The attribute at fault, from the resource down. */
  readonly at: readonly (string | number)[];
  /** The reason, in Terraform's output; names of attributes are in snake_case there. */
  readonly says: RegExp;
  /** The reason, where managed resources have other words for it. */
  readonly managed?: { readonly says: RegExp };
}

/** Whatever an operation answers. */
export type Answered = unknown;

/** Does something in the plane that no front knows of. */
export type Outside = (plane: ConformancePlane, id: string) => Promise<Answered>;

/** One resource's table row. */
export interface Case {
  readonly type: ResourceType;
  /** What it refers to; made before it. */
  readonly needs?: readonly Named[];
  /** Name of the cluster whose agent says that all is well. */
  readonly cluster?: string;
  readonly create: Step;
  /** Changes of the resource, one after the other; nothing is deleted for them. */
  readonly changes: readonly [NamedStep, ...NamedStep[]];
  /** A change that replaces it, and the attribute that cannot change in place. */
  readonly replace?: Step & { readonly at: string };
  /** Changes to what cannot change, and for which nothing is replaced either. */
  readonly fixed?: readonly Refusal[];
  /** Changes behind the front's back. */
  readonly drifts: readonly {
    readonly name: string;
    readonly act: Outside;
    /** What the plane holds when it has been put right, if that is more than before. */
    readonly stored?: unknown;
  }[];
  /** Deletes it behind the front's back; returns when it is gone. */
  readonly remove: Outside;
  /** Absent: it cannot be imported. */
  readonly importId?: (id: string) => string;
  /** Whether everything can be read back. */
  readonly importedExactly: boolean;
  /** What the plane holds after an import and an apply, for a front where that is not what it was before. */
  readonly importStored?: { readonly managed: unknown };
  readonly wrong: readonly Refusal[];
  /** The end state in the plane, without what the plane makes up (identifiers, times). */
  readonly stored: (plane: ConformancePlane, id: string) => Promise<unknown>;
  /** The identifiers of everything of this type in the plane. */
  readonly list: (plane: ConformancePlane) => Promise<readonly string[]>;
}

type Config<T extends ResourceType> = ConfigOf<Definitions[T]>;
type Shown<T extends ResourceType> = Partly<StateOf<Definitions[T]>>;

/** Some of a value, at any depth; expectations stand for values that nobody can know before. */
type Partly<V> = V extends readonly (infer E)[]
  ? readonly Partly<E>[]
  : V extends object
    ? { readonly [K in keyof V]?: Partly<V[K]> | null }
    : V;

type TypedStep<T extends ResourceType, S extends Step = Step> = Omit<S, 'values' | 'state'> & {
  readonly values: Config<T>;
  readonly state: Shown<T>;
};

type TypedCase<T extends ResourceType> = Omit<Case, 'type' | 'create' | 'changes' | 'replace'> & {
  readonly type: T;
  readonly create: TypedStep<T>;
  readonly changes: readonly [TypedStep<T, NamedStep>, ...TypedStep<T, NamedStep>[]];
  readonly replace?: TypedStep<T, NonNullable<Case['replace']>>;
};

/** A row whose values are held against the resource's own definition; only wrong ones are not. */
export function define<T extends ResourceType>(given: TypedCase<T>): Case {
  return given;
}

/** What a resource needs, held against its definition. */
export function named<T extends ResourceType>(type: T, name: string, values: Config<T>): Named {
  return { type, name, values };
}

const REFERENCE = /^<<(spectrocloud_\w+)\.([\w-]+)>>$/;

/** Stands for the identifier of another resource. */
export function referenceTo(type: ResourceType, name: string): string {
  return `<<${type}.${name}>>`;
}

/** What a value refers to, if it does. */
export function readReference(value: unknown): { readonly type: ResourceType; readonly name: string } | undefined {
  const [, type, name] = (typeof value === 'string' ? REFERENCE.exec(value) : null) ?? [];
  return type === undefined || name === undefined ? undefined : { type: type as ResourceType, name }; // as: `referenceTo` wrote it
}
