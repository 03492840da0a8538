/** Typed references: what a program writes in the place of `{{ .spectro.… }}`. */

export type ReferenceType = 'string' | 'number' | 'boolean';

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

const REFERENCE = Symbol.for('palette-iac.dev/reference');

declare const BRAND: unique symbol;

/**
 * Stands for a value that a cluster gives. In an object of values it is a value of its own, of its own type; in a text
 * `${reference}` writes the macro.
 */
export interface Reference<T extends string | number | boolean = string> {
  /** For the compiler alone: a reference to a number is none to a text, and what is no reference is none at all. */
  readonly [BRAND]: T;
  /** The macro, such as `{{.spectro.var.replicas}}`. */
  toString(): string;
}

/** A reference that can be piped through functions before it is a value. Profile variables and macros cannot. */
export interface PipedReference extends Reference {
  /** What stands in its place where there is no value. */
  default(value: string): PipedReference;
  /** Through a function of Sprig, such as `pipe('substr', 0, 4)` or `pipe('upper')`. */
  pipe(name: string, ...args: readonly (string | number)[]): PipedReference;
}

/** The reference to a path below `.spectro`. */
export function referenceTo<T extends ReferenceType>(path: string, type: T): Reference<Types[T]> {
  return marked<Reference<Types[T]>>({ toString: () => `{{.spectro.${path}}}` }, type);
}

/** A reference that takes functions. */
export function pipedReference(path: string): PipedReference {
  return piped(`.spectro.${path}`);
}

function piped(expression: string): PipedReference {
  const reference: Unbranded<PipedReference> = {
    toString: () => `{{ ${expression} }}`,
    default: (value) => piped(`${expression} | default ${JSON.stringify(value)}`),
    pipe: (name, ...args) =>
      piped(`${expression} | ${[name, ...args.map((argument) => JSON.stringify(argument))].join(' ')}`),
  };
  return marked<PipedReference>(reference, 'string');
}

type Unbranded<R> = Omit<R, typeof BRAND>;

function marked<R extends object>(reference: Unbranded<R>, type: ReferenceType): R {
  return Object.freeze(Object.defineProperty(reference, REFERENCE, { value: type, enumerable: false })) as R; // as: the brand is there for the compiler alone
}

/** What kind of value a reference stands for; undefined for what is none. */
export function referenceType(value: unknown): ReferenceType | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const type: unknown = Object.getOwnPropertyDescriptor(value, REFERENCE)?.value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : undefined;
}

/** A macro of the project or the tenant: `{{.spectro.macro.NAME}}`. */
export function macro(name: string): Reference;
export function macro<T extends ReferenceType>(name: string, options: { readonly as: T }): Reference<Types[T]>;
export function macro(
  name: string,
  { as = 'string' }: { readonly as?: ReferenceType } = {},
): Reference<string | number | boolean> {
  return referenceTo(`macro.${name}`, as);
}

/** What another pack of the profile gives: `{{ .spectro.pack.NAME.OUTPUT }}`. */
export function packOutput(pack: string, output: string): PipedReference {
  return pipedReference(`pack.${pack}.${output}`);
}

/** What the system knows of a cluster: `{{ .spectro.system.… }}`. */
export const system = {
  user: {
    name: pipedReference('system.user.name'),
    uid: pipedReference('system.user.uid'),
    email: pipedReference('system.user.email'),
  },
  tenant: { uid: pipedReference('system.tenant.uid') },
  project: { name: pipedReference('system.project.name'), uid: pipedReference('system.project.uid') },
  clusterprofile: {
    name: pipedReference('system.clusterprofile.name'),
    uid: pipedReference('system.clusterprofile.uid'),
    version: pipedReference('system.clusterprofile.version'),
    infra: {
      name: pipedReference('system.clusterprofile.infra.name'),
      uid: pipedReference('system.clusterprofile.infra.uid'),
      version: pipedReference('system.clusterprofile.infra.version'),
    },
  },
  cluster: {
    name: pipedReference('system.cluster.name'),
    uid: pipedReference('system.cluster.uid'),
    kubevip: pipedReference('system.cluster.kubevip'),
  },
  cloudaccount: {
    name: pipedReference('system.cloudaccount.name'),
    uid: pipedReference('system.cloudaccount.uid'),
  },
  kubernetes: { version: pipedReference('system.kubernetes.version') },
  reverseproxy: {
    server: pipedReference('system.reverseproxy.server'),
    port: pipedReference('system.reverseproxy.port'),
    protocol: pipedReference('system.reverseproxy.protocol'),
    vhostport: pipedReference('system.reverseproxy.vhostport'),
  },
  cloud: { type: pipedReference('system.cloud.type'), region: pipedReference('system.cloud.region') },
} as const;
