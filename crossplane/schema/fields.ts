/** What the fields of a definition are in a managed resource: which are written, which are told, which refer to what. */
import type { AnyResource } from '#resources/engine/index';
import { modelOf, type FieldModel, type ObjectModel } from '#resources/engine/model';
import { resources, type ResourceType } from '#resources/index';

/** Another managed resource can give the value. */
export interface FieldReference {
  /** The definition that is referred to: `spectrocloud_cluster_profile`. */
  readonly type: ResourceType;
  /** The attribute whose value is taken: `id`, the external name. */
  readonly attribute: string;
  /** `idRef`: names one object. */
  readonly refKey: string;
  /** `idSelector`: chooses one by labels. */
  readonly selectorKey: string;
}

export interface ManagedField {
  /** camelCase, as in the definition and in the object. */
  readonly key: string;
  readonly model: FieldModel;
  /** Whether one writes it in `forProvider`. What the API alone sets is in `atProvider` only. */
  readonly input: boolean;
  /** Never in `forProvider`, `atProvider`, events or logs. */
  readonly sensitive: boolean;
  /** For what is sensitive and written: the key that names the Secret instead: `awsSecretKeySecretRef`. */
  readonly secretRefKey?: string;
  readonly reference?: FieldReference;
  /** Goes to the connection Secret under its key. */
  readonly connection: boolean;
  /** For blocks. */
  readonly fields?: ManagedFields;
  /** A block array of at most one element: an object here. */
  readonly singleton: boolean;
}

/** The fields of a managed resource or of a block in it. */
export type ManagedFields = readonly ManagedField[];

/** What the object's metadata and the controller say already. */
const ROOT_ONLY_OUTPUT = new Set(['id']);
const NOT_HERE = new Set(['timeouts']);

const known = new WeakMap<AnyResource, ManagedFields>();

/** The fields of a definition, made once. */
export function managedFields(definition: AnyResource): ManagedFields {
  let fields = known.get(definition);
  if (fields === undefined) {
    const model = modelOf(definition);
    const object = { fields: model.fields.filter(({ key }) => !NOT_HERE.has(key)) };
    fields = fieldsOf(object).map((field) => (ROOT_ONLY_OUTPUT.has(field.key) ? { ...field, input: false } : field));
    known.set(definition, fields);
  }
  return fields;
}

function fieldsOf(object: ObjectModel): ManagedFields {
  return object.fields.map((model): ManagedField => {
    const { key, traits } = model;
    const sensitive = traits.sensitive === true;
    const computed = model.kind === 'attribute' && model.mode === 'computed';
    const shared = {
      key,
      model,
      input: !computed,
      sensitive,
      connection: computed && (sensitive || traits.connection === true),
    };
    if (model.kind === 'block') {
      return {
        ...shared,
        singleton: model.nesting === 'single' || model.maxItems === 1,
        fields: fieldsOf(model.object),
      };
    }
    const reference = computed ? undefined : referenceOf(model);
    return {
      ...shared,
      singleton: false,
      ...(sensitive && !computed ? { secretRefKey: `${key}SecretRef` } : {}),
      ...(reference === undefined ? {} : { reference }),
    };
  });
}

/** A reference to what is a managed resource; a definition may also refer to what is only looked up. */
function referenceOf({ key, traits: { reference } }: FieldModel): FieldReference | undefined {
  if (reference === undefined || !isResourceType(reference.resource)) return undefined;
  return {
    type: reference.resource,
    attribute: reference.attribute,
    refKey: `${key}Ref`,
    selectorKey: `${key}Selector`,
  };
}

function isResourceType(type: string): type is ResourceType {
  return Object.hasOwn(resources, type);
}

/** Every key by which a field is given: itself, or what stands for it. */
export function keysOf({ key, secretRefKey, reference }: ManagedField): string[] {
  return [
    ...(secretRefKey === undefined ? [key] : [secretRefKey]),
    ...(reference === undefined ? [] : [reference.refKey, reference.selectorKey]),
  ];
}
