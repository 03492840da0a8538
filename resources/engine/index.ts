/** The definition engine: what a resource's author needs, and what the fronts derive from a definition. */
export { AttributeError, type AttributePath } from './attribute-error.ts';
export { UNKNOWN, type Unknown } from './cty.ts';
export {
  dataSource,
  fullSchema,
  resource,
  type AnyDataSource,
  type AnyDefinition,
  type AnyResource,
  type ConfigOf,
  type ConfigProblem,
  type DataSourceDefinition,
  type DefaultTimeouts,
  type PlanChange,
  type PlannedOf,
  type RawState,
  type Readiness,
  type ReadOutcome,
  type ResourceDefinition,
  type StateOf,
  type WatchedObject,
} from './definition.ts';
export type { OperationContext } from './operation-context.ts';
export { keysWithTrait } from './schema-facts.ts';
export { computed, optionalComputed, tf, type Reference, type Traits } from './traits.ts';
export type { ConfigValues, IsComputed, IsOptional, PlannedValues, StateValues } from './values.ts';
export type { Observation, WaitFor, WaitOutcome, WaitRequest } from './wait-for.ts';
