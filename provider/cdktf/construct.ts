import type { AnyDataSource, AnyDefinition, AnyResource } from '#resources/engine/index';
import { modelOf } from '#resources/engine/model';

import { TerraformDataSource, TerraformResource, type Construct } from './cdktf.ts';
import { referenceTo } from './references.ts';
import { toHcl, toTerraform } from './to-terraform.ts';
import type { Config, Definition, References } from './types.ts';

/** An argument that may be left out when there is nothing that it must hold. */
type ConfigArgument<D extends Definition> =
  Record<never, never> extends Config<D> ? [config?: Config<D>] : [config: Config<D>];

/** The class of a definition's construct. */
export interface ConstructClass<D extends Definition, Base> {
  /** Terraform's name of the resource. */
  readonly tfResourceType: string;
  new (scope: Construct, id: string, ...config: ConfigArgument<D>): Base & References<D>;
}

const META_ARGUMENTS = [
  'dependsOn',
  'count',
  'provider',
  'lifecycle',
  'forEach',
  'provisioners',
  'connection',
] as const;

const GENERATOR = { providerName: 'spectrocloud' };

/**
 * The construct class of a resource, typed by its definition: nothing is generated.
 *
 * @example
 * export class Project extends defineResource(project) {}
 * new Project(this, 'team', { name: 'team-a', tags: ['owner:a'] }).id;
 */
export function defineResource<D extends AnyResource>(definition: D): ConstructClass<D, TerraformResource> {
  class Resource extends TerraformResource {
    static readonly tfResourceType = definition.type;
    readonly #arguments: Record<string, unknown>;

    constructor(scope: Construct, id: string, config: Record<string, unknown> = {}) {
      const { meta, own } = splitConfig(config);
      super(scope, id, { ...meta, terraformResourceType: definition.type, terraformGeneratorMetadata: GENERATOR });
      this.#arguments = toTerraform(modelOf(definition), own, `${definition.type} "${id}"`);
    }

    protected override synthesizeAttributes(): Record<string, unknown> {
      return this.#arguments;
    }

    protected override synthesizeHclAttributes(): Record<string, unknown> {
      return toHcl(modelOf(definition), this.#arguments);
    }
  }
  addReferences(Resource.prototype, definition);
  return Resource as unknown as ConstructClass<D, TerraformResource>; // as: the getters just added are what References<D> describes
}

/** The construct class of a data source; see `defineResource`. */
export function defineDataSource<D extends AnyDataSource>(definition: D): ConstructClass<D, TerraformDataSource> {
  class DataSource extends TerraformDataSource {
    static readonly tfResourceType = definition.type;
    readonly #arguments: Record<string, unknown>;

    constructor(scope: Construct, id: string, config: Record<string, unknown> = {}) {
      const { meta, own } = splitConfig(config);
      super(scope, id, { ...meta, terraformResourceType: definition.type, terraformGeneratorMetadata: GENERATOR });
      this.#arguments = toTerraform(modelOf(definition), own, `data ${definition.type} "${id}"`);
    }

    protected override synthesizeAttributes(): Record<string, unknown> {
      return this.#arguments;
    }

    protected override synthesizeHclAttributes(): Record<string, unknown> {
      return toHcl(modelOf(definition), this.#arguments);
    }
  }
  addReferences(DataSource.prototype, definition);
  return DataSource as unknown as ConstructClass<D, TerraformDataSource>; // as: the getters just added are what References<D> describes
}

function splitConfig(config: Readonly<Record<string, unknown>>): {
  readonly meta: Record<string, unknown>;
  readonly own: Record<string, unknown>;
} {
  const isMeta = ([key]: readonly [string, unknown]): boolean => META_ARGUMENTS.some((name) => name === key);
  const entries = Object.entries(config);
  return {
    meta: Object.fromEntries(entries.filter(isMeta)),
    own: Object.fromEntries(entries.filter((entry) => !isMeta(entry))),
  };
}

/** Gives the class a getter for each attribute and block. */
function addReferences(prototype: TerraformResource | TerraformDataSource, definition: AnyDefinition): void {
  for (const field of modelOf(definition).fields) {
    const name =
      field.key in prototype || META_ARGUMENTS.some((meta) => meta === field.key) ? `${field.key}Attribute` : field.key;
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: TerraformResource | TerraformDataSource) {
        return referenceTo(field, { text: `${addressOf(this, definition)}.${field.name}`, stack: this.cdktfStack });
      },
    });
  }
}

/** How Terraform calls the construct; with an iterator it is as many as there are elements. */
function addressOf(construct: TerraformResource | TerraformDataSource, definition: AnyDefinition): string {
  const address = `${definition.type}.${construct.friendlyUniqueId}${construct.forEach === undefined ? '' : '.*'}`;
  return definition.kind === 'data' ? `data.${address}` : address;
}
