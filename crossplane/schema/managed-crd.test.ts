import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { computed, resource, resources, tf, type AnyResource } from '#resources/index';

import { allCrds } from './crds.ts';
import { exampleOf } from './examples.ts';
import { managedFields } from './fields.ts';
import { kindsOf, managedKinds } from './kinds.ts';
import { managedCrd } from './managed-crd.ts';
import { managedPage } from './reference.ts';
import type { StructuralSchema } from './structural.ts';
import { findReferences, findSecrets, toConfig, type JsonObject } from './values.ts';

const widget: AnyResource = resource({
  type: 'spectrocloud_widget',
  description: 'A widget; see `part_size`.',
  schemaVersion: 0,
  schema: z.object({
    namespace: tf(z.string(), { forceNew: true }),
    color: tf(z.string().default("it's"), { immutable: true }),
    partSize: z.int().min(1).default(3).describe('Size; see `color`.'),
    secret: tf(z.string(), { sensitive: true }),
    part: z
      .array(
        z.object({
          name: z.string(),
          kind: z.enum(['a', 'b']).default('a'),
          id: tf(z.string(), { reference: { resource: 'spectrocloud_project', attribute: 'id' } }),
          serial: computed(z.string()),
        }),
      )
      .min(1)
      .max(4),
    token: computed(z.string(), { sensitive: true }),
  }),
  create: async ({ planned }) => Promise.resolve({ ...planned, id: '1' }),
  read: async ({ state }) => Promise.resolve({ kind: 'current', state }),
  delete: async () => Promise.resolve(),
});

const [namespaced, clusterScoped] = kindsOf('spectrocloud_project');

function specOf(definition: AnyResource, kind = namespaced): StructuralSchema {
  return managedCrd(kind, definition).spec.versions[0].schema.openAPIV3Schema.properties?.['spec'] ?? {};
}

function parametersOf(of: 'forProvider' | 'initProvider', kind = namespaced): StructuralSchema {
  return specOf(widget, kind).properties?.[of] ?? {};
}

describe('the CRD of a definition', () => {
  it('has what one writes, a secret as a reference to a Secret', () => {
    const { properties = {} } = parametersOf('forProvider');
    expect(Object.keys(properties)).toEqual(['namespace', 'color', 'partSize', 'secretSecretRef', 'part']);
    expect(properties['secretSecretRef']?.required).toEqual(['name', 'key']);
    expect(parametersOf('forProvider', clusterScoped).properties?.['secretSecretRef']?.required).toEqual([
      'name',
      'namespace',
      'key',
    ]);
  });

  it('tells what is found, but no secrets', () => {
    const status = managedCrd(namespaced, widget).spec.versions[0].schema.openAPIV3Schema.properties?.['status'];
    expect(Object.keys(status?.properties?.['atProvider']?.properties ?? {})).toEqual([
      'namespace',
      'color',
      'partSize',
      'part',
      'id',
    ]);
  });

  it('has defaults inside blocks, and at the top in words: they would hide what initProvider gives', () => {
    const { properties = {} } = parametersOf('forProvider');
    expect(properties['partSize']).toEqual({
      type: 'integer',
      format: 'int64',
      minimum: 1,
      description: 'Size; see `color`. Default: `3`.',
    });
    expect(properties['part']).toMatchObject({
      minItems: 1,
      maxItems: 4,
      items: { required: ['name'], properties: { kind: { default: 'a', enum: ['a', 'b'] } } },
    });
    expect(properties['part']?.items?.properties).not.toHaveProperty('serial');
  });

  it('says what is required, and what is fixed, by rules', () => {
    const rules = specOf(widget)['x-kubernetes-validations'] ?? [];
    const writes =
      "'*' in self.managementPolicies || 'Create' in self.managementPolicies || 'Update' in self.managementPolicies";
    expect(rules.map(({ fieldPath, reason }) => `${reason} ${fieldPath}`)).toEqual([
      'FieldValueRequired .forProvider.namespace',
      'FieldValueRequired .forProvider.secretSecretRef',
      'FieldValueRequired .forProvider.part',
      'FieldValueForbidden .forProvider.namespace',
      'FieldValueForbidden .forProvider.color',
    ]);
    expect(rules[0]?.rule).toBe(
      `!(${writes}) || has(self.forProvider.__namespace__) || (has(self.initProvider) && (has(self.initProvider.__namespace__)))`,
    );
    expect(rules[4]?.rule).toBe(
      `!(${writes}) || !has(oldSelf.forProvider.color) || !has(self.forProvider.color) || self.forProvider.color == oldSelf.forProvider.color`,
    );
  });

  it('speaks the words of Kubernetes', () => {
    expect(managedCrd(namespaced, widget).spec.versions[0].schema.openAPIV3Schema.description).toBe(
      'A widget; see `partSize`.',
    );
  });
});

describe('every CRD', () => {
  it('has a type everywhere, rules at fields that there are, and requires what there is', async () => {
    const wrong: string[] = [];
    const visit = (schema: StructuralSchema, path: string): void => {
      const { properties = {}, required = [], items, additionalProperties } = schema;
      const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
      if (schema.type === undefined && !open) wrong.push(`${path}: no type`);
      for (const key of required) if (!(key in properties)) wrong.push(`${path}: requires ${key}`);
      for (const { fieldPath = '' } of schema['x-kubernetes-validations'] ?? []) {
        let at: StructuralSchema | undefined = schema;
        for (const step of fieldPath.split('.').slice(1)) at = at?.properties?.[step];
        if (at === undefined) wrong.push(`${path}: a rule at ${fieldPath}`);
      }
      for (const [key, property] of Object.entries(properties)) visit(property, `${path}.${key}`);
      if (items !== undefined) visit(items, `${path}[]`);
      if (additionalProperties !== undefined) visit(additionalProperties, `${path}{}`);
    };
    for (const crd of await allCrds()) visit(crd.spec.versions[0].schema.openAPIV3Schema, crd.metadata.name);
    expect(wrong).toEqual([]);
  });

  it('has no field of a secret value', async () => {
    for (const { type } of managedKinds()) {
      const definition: AnyResource = await resources[type]();
      const secret = managedFields(definition).filter(({ sensitive }) => sensitive);
      const text = JSON.stringify(managedCrd(kindsOf(type)[0], definition));
      for (const { key } of secret) expect(text).not.toContain(`"${key}":`);
    }
  });
});

describe('examples', () => {
  it.each(managedKinds().map((kind) => ({ ...kind, name: `${kind.apiVersion} ${kind.kind}` })))(
    'of $name become a configuration with all that is required',
    async (kind) => {
      const definition: AnyResource = await resources[kind.type]();
      const fields = managedFields(definition);
      const { forProvider } = exampleOf(kind)['spec'] as { forProvider: JsonObject }; // as: made by exampleOf
      const config = toConfig(fields, forProvider);
      const elsewhere = [...findReferences(fields, forProvider), ...findSecrets(fields, forProvider)].map(
        ({ path }) => path[0],
      );
      const required = fields.flatMap(({ key, model }) =>
        model.kind === 'attribute' && model.mode === 'required' ? [key] : [],
      );
      expect([...Object.keys(config), ...elsewhere]).toEqual(expect.arrayContaining(required));
    },
  );
});

describe('the reference page', () => {
  it('says of each field what it is, and whether it is required or fixed', () => {
    const page = managedPage(widget, [namespaced, clusterScoped]);
    expect(page).toContain('| `namespace` | string | *Required.* *Fixed.* |');
    expect(page).toContain('| `partSize` | integer, at least 1 | Size; see `color`. Default: `3`. |');
    expect(page).toContain('| `part[].kind` | `"a"`, `"b"` | Default: `a`. |');
    expect(page).toContain('| `secretSecretRef` | { name, key } | *Required.* The Secret');
    expect(page).toContain('gets the keys `token`');
  });
});
