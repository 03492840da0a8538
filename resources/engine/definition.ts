import * as z from 'zod';

import type { AttributePath } from './attribute-error.ts';
import type { CtyValue } from './cty.ts';
import { parseDuration } from './duration.ts';
import type { OperationContext } from './operation-context.ts';
import { optionalComputed } from './traits.ts';
import type { ConfigValues, PartlyKnownValues, PlannedValues, StateValues } from './values.ts';

/** Default limits of the operations, in Go's duration form (`10m`, `1h30m`, `20s`). Those named can be changed in the `timeouts` block. */
export interface DefaultTimeouts {
  readonly create?: string;
  readonly read?: string;
  readonly update?: string;
  readonly delete?: string;
}

/** What a read finds. `absent` takes the resource out of the state. */
export type ReadOutcome<S extends z.ZodObject> =
  | { readonly kind: 'current'; readonly state: StateValues<S> }
  | { readonly kind: 'absent' };

/** Something wrong with a configuration, found before anything is called. */
export interface ConfigProblem {
  readonly path: AttributePath;
  readonly summary: string;
  readonly detail: string;
  /** Default: error. */
  readonly severity?: 'error' | 'warning';
}

/** What `modifyPlan` changes about a plan. */
export type PlanChange =
  /** The value is known after apply only. */
  | { readonly kind: 'unknown'; readonly path: AttributePath }
  /** The change of the value at this path replaces the resource. */
  | { readonly kind: 'replace'; readonly path: AttributePath }
  | { readonly kind: 'problem'; readonly problem: ConfigProblem };

/** Whether a resource can be used. A cluster, say, exists long before it runs. */
export type Readiness = { readonly kind: 'ready' } | { readonly kind: 'notReady'; readonly message: string };

/** What the event stream calls an object of the API: `{ type: 'clusterprofile', uid }`. */
export interface WatchedObject {
  readonly type:
    | 'project'
    | 'clusterprofile'
    | 'macros'
    | 'edgetoken'
    | 'cloudaccount'
    | 'spectrocluster'
    | 'appprofile'
    | 'spcpolicy'
    | 'clustertemplate'
    | 'clustergroup'
    | 'registry'
    | 'assetlocation';
  readonly uid: string;
}

/** A state as an older version of the schema stored it, with Terraform's own (snake_case) names. */
export type RawState = { [name: string]: CtyValue };

export interface ResourceOperations<S extends z.ZodObject> {
  /**
   * Makes the resource and returns its state with its `id`. What it returns for attributes that were planned is ignored:
   * these are what was asked for, and the next read tells drift.
   *
   * When several calls are needed, `checkpoint` says what exists already: if a later one fails, Terraform keeps that state
   * (tainted) instead of losing the object.
   */
  create(
    request: { readonly planned: PlannedValues<S>; readonly checkpoint: (state: StateValues<S>) => void },
    ctx: OperationContext,
  ): Promise<StateValues<S>>;
  /** Looks at the resource. Begin from `{ ...state }`, so that what cannot be read back stays. After an import only the id and what `importState` gave are there. */
  read(request: { readonly state: StateValues<S> }, ctx: OperationContext): Promise<ReadOutcome<S>>;
  /** Changes the resource in place. Left out when every change replaces it. */
  update?(
    request: {
      readonly planned: StateValues<S>;
      readonly prior: StateValues<S>;
      readonly checkpoint: (state: StateValues<S>) => void;
    },
    ctx: OperationContext,
  ): Promise<StateValues<S>>;
  /** Removes the resource, and returns when it is gone. Not found (ApiError 404) counts as gone. */
  delete(request: { readonly state: StateValues<S> }, ctx: OperationContext): Promise<void>;
  /** Finds the resource that a user names on import. Returns the id and whatever `read` needs besides. */
  importState?(
    request: { readonly id: string },
    ctx: OperationContext,
  ): Promise<Partial<PlannedValues<S>> & { id: string }>;
  /**
   * The import id by which what is planned is found once it exists: its natural key. With it a create whose answer was
   * lost can be taken up again on an API without idempotent requests. Left out when names are not unique.
   */
  identity?(request: { readonly planned: PlannedValues<S> }): string | undefined;
  /** Whether it can be used, from its state. Left out when it can be used as soon as it exists. */
  readiness?(request: { readonly state: StateValues<S> }): Readiness;
  /** What the event stream tells when somebody changes it. Left out when it tells nothing. */
  watched?(request: { readonly state: StateValues<S> }): WatchedObject | undefined;
  /** Brings a state of an older schema version to the present one. Without it older states pass as they are. */
  upgradeState?(request: { readonly version: number; readonly state: RawState }): RawState;
  /**
   * Looks at a plan as a whole. `prior` is absent when the resource is created. Called only when something changes, and when
   * the provider knows where the API is; not for a destroy.
   */
  modifyPlan?(
    request: {
      readonly prior: StateValues<S> | undefined;
      readonly planned: PartlyKnownValues<S>;
      readonly config: PartlyKnownValues<S>;
    },
    ctx: OperationContext,
  ): Promise<readonly PlanChange[]>;
  /** Checks what one attribute alone cannot tell. Unknown values must be tolerated. Each attribute's own zod checks run anyway. */
  validate?(request: { readonly config: PartlyKnownValues<S> }): readonly ConfigProblem[];
}

export interface ResourceInput<S extends z.ZodObject, T extends DefaultTimeouts> extends ResourceOperations<S> {
  /** Terraform's name: `spectrocloud_project`. */
  readonly type: string;
  readonly description: string;
  /** Version of the state's shape; the official provider's, so that its states can be taken over. */
  readonly schemaVersion: number;
  /** Attributes and blocks. The engine adds `id` and, with `timeouts`, the block of that name. */
  readonly schema: S;
  /**
   * Several resources may have one id, each with its own part of what it names: the macros of a project are one list, of
   * which each resource looks after the names that it gives.
   */
  readonly sharesId?: boolean;
  /** Absent: no `timeouts` block, and 20 minutes for everything. */
  readonly timeouts?: T;
}

export interface ResourceDefinition<
  S extends z.ZodObject = z.ZodObject,
  T extends DefaultTimeouts = DefaultTimeouts,
> extends ResourceInput<S, T> {
  readonly kind: 'resource';
}

export interface DataSourceInput<S extends z.ZodObject> {
  /** Terraform's name: `spectrocloud_project`. */
  readonly type: string;
  readonly description: string;
  readonly schema: S;
  /** Looks it up. Throws an AttributeError (or ApiError) when there is no such thing, or more than one. */
  read(
    request: { readonly config: PlannedValues<S> & { id?: string | undefined } },
    ctx: OperationContext,
  ): Promise<StateValues<S>>;
  /** As for resources. */
  validate?(request: { readonly config: PartlyKnownValues<S> }): readonly ConfigProblem[];
}

export interface DataSourceDefinition<S extends z.ZodObject = z.ZodObject> extends DataSourceInput<S> {
  readonly kind: 'data';
}

export type AnyResource = ResourceDefinition;
export type AnyDataSource = DataSourceDefinition;
export type AnyDefinition = AnyResource | AnyDataSource;

/**
 * Defines a resource once; Terraform schema, plan rules, construct types and documentation are derived from it.
 *
 * Vocabulary of `schema` (keys are camelCase, Terraform's names are the same in snake_case):
 * - `z.string()`, `z.number()`, `z.int()`, `z.boolean()`, `z.enum([...])`: attributes; zod's own checks (`.regex`, `.min`, `.refine`
 *   with a message) are checked on known values at plan;
 * - `z.array(leaf)`, `z.record(z.string(), leaf)`: list (or set) and map attributes;
 * - `z.array(z.object({...}))`: a repeated block, with `.min(n)` and `.max(n)`; `z.object({...})`: a single block;
 *   both are attributes when computed (or with the trait `attr`);
 * - required unless `.optional()` or `.default(value)`; a required array block has at least one element;
 * - `computed(type)`, `optionalComputed(type)`, and `tf(type, traits)` for all else. Wrap outermost:
 *   `tf(z.string().default('project'), { forceNew: true })`.
 *
 * @example
 * export const project = resource({
 *   type: 'spectrocloud_project',
 *   description: 'A project: the unit of access within a tenant.',
 *   schemaVersion: 2,
 *   schema: z.object({
 *     name: z.string().min(1).describe('Name, unique in the tenant.'),
 *     tags: tf(z.array(z.string()).optional(), { set: true }).describe('Tags, as `key:value` or a bare word.'),
 *   }),
 *   timeouts: { create: '10m', update: '10m', delete: '10m' },
 *   async create({ planned }, { client, signal }) {
 *     const { uid } = await client.post('/v1/projects', { body: {...}, scope: { kind: 'tenant' }, signal });
 *     return { ...planned, id: uid };
 *   },
 *   async read({ state }, { client, signal }) {
 *     const found = await client.get('/v1/projects/{uid}', {...});   // ApiError 404 means absent, too
 *     return { kind: 'current', state: { ...state, name: found.metadata.name } };
 *   },
 *   async update({ planned, prior }, ctx) {...},
 *   async delete({ state }, ctx) {...},
 *   async importState({ id }, ctx) { return { id: await findProject(id, ctx) }; },
 * });
 * type Project = StateOf<typeof project>;
 */
export function resource<S extends z.ZodObject, const T extends DefaultTimeouts = Record<never, never>>(
  input: ResourceInput<S, T>,
): ResourceDefinition<S, T> {
  return { ...input, kind: 'resource' };
}

/** Defines a data source; see `resource` for the vocabulary of `schema`. */
export function dataSource<S extends z.ZodObject>(input: DataSourceInput<S>): DataSourceDefinition<S> {
  return { ...input, kind: 'data' };
}

type SchemaOf<D> = D extends { readonly schema: infer S extends z.ZodObject } ? S : never;
type TimeoutsOf<D> = D extends { readonly timeouts?: infer T } ? Exclude<T, undefined> : never;

/** Every attribute of a definition, with its id. */
export type StateOf<D extends { readonly schema: z.ZodObject }> = StateValues<SchemaOf<D>>;

/** What is to be created: the state without what the provider computes. */
export type PlannedOf<D extends { readonly schema: z.ZodObject }> = PlannedValues<SchemaOf<D>>;

/** What a user writes in a configuration, `timeouts` included. */
export type ConfigOf<D extends { readonly schema: z.ZodObject }> = ConfigValues<SchemaOf<D>> & {
  id?: string;
} & ([keyof TimeoutsOf<D>] extends [never] ? unknown : { timeouts?: { [K in keyof TimeoutsOf<D>]?: string } });

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'Expected a duration such as "30s", "10m" or "1h30m".');

/** The zod object with what the engine adds: `id`, and the block `timeouts`. */
export function fullSchema(definition: AnyDefinition): z.ZodObject {
  const id = optionalComputed(z.string()).describe('Identifier given by the management plane.');
  const withId = 'id' in definition.schema.shape ? definition.schema : definition.schema.extend({ id });
  const timeouts = definition.kind === 'resource' ? Object.keys(definition.timeouts ?? {}) : [];
  if (timeouts.length === 0) return withId;
  const limits = Object.fromEntries(
    timeouts.map((operation) => [
      operation,
      duration.optional().describe(`How long ${operation} may take, as "30s", "10m" or "1h30m".`),
    ]),
  );
  return withId.extend({ timeouts: z.object(limits).optional() });
}
