import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { success } from '#openapi/generated/success';

const room = dirname(fileURLToPath(import.meta.url));
const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string }[];
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

// The cast: the file is our own, made by the generator; the tests below say what must hold in it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const document = JSON.parse(readFileSync(join(room, 'generated/openapi.json'), 'utf8')) as Document;

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ key: `${method.toUpperCase()} ${path}`, path, operation }];
  }),
);

describe('the contract', () => {
  it('gives every operation an id of its own, a summary and one tag that is described', () => {
    const tags = new Set(document.tags.map((tag) => tag.name));
    const wrong = operations.filter(
      ({ operation: { operationId, summary, tags: own } }) =>
        !operationId || !summary || own?.length !== 1 || !tags.has(own[0] ?? ''),
    );
    expect(wrong.map(({ key }) => key)).toEqual([]);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  it('has exactly one success status and an error answer for every operation', () => {
    const wrong = operations.filter(({ operation: { responses } }) => {
      const codes = Object.keys(responses);
      return codes.filter((code) => code.startsWith('2')).length !== 1 || !codes.includes('default');
    });
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  it('answers 202 and 204 without a body and every other success with one', () => {
    const wrong = operations.filter(({ operation: { responses } }) =>
      Object.entries(responses).some(
        ([code, response]) =>
          code.startsWith('2') && ['202', '204'].includes(code) === (response.content !== undefined),
      ),
    );
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  it('declares every parameter of a path', () => {
    const wrong = operations.filter(({ path, operation }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name);
      return inPath.length !== declared.length || !inPath.every((name) => declared.includes(name ?? ''));
    });
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  it('holds every path of every domain', () => {
    const folder = join(room, 'domains');
    const written = readdirSync(folder).flatMap((name) => {
      const domain: unknown = parse(readFileSync(join(folder, name), 'utf8'));
      return domain !== null && typeof domain === 'object' && 'paths' in domain ? Object.keys(domain.paths ?? {}) : [];
    });
    expect(Object.keys(document.paths).toSorted()).toEqual(written.toSorted());
  });

  it('lets every POST be repeated: under an idempotency key where it creates, without harm elsewhere', () => {
    const guarded = operations.filter(({ operation }) =>
      operation.parameters?.some((parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key'),
    );
    const wrong = guarded.filter(
      ({ key, operation: { responses } }) =>
        !key.startsWith('POST ') ||
        Object.values(responses).some(({ content = {} }) =>
          Object.keys(content).some((type) => !type.endsWith('json')),
        ),
    );
    expect(wrong.map(({ key }) => key)).toEqual([]);
    const others = operations.filter((one) => one.key.startsWith('POST ') && !guarded.includes(one));
    expect(others.map(({ operation }) => operation.operationId ?? '').toSorted()).toEqual([
      'V1AwsAccountValidate', // looks only
      'V1AwsS3Validate', // looks only
      'V1AzureAccountValidate', // looks only
      'V1GcpBucketNameValidate', // looks only
      'V1RegistriesHelmValidate', // looks only
      'V1RegistriesPackValidate', // looks only
      'v1AgentsChallengesCreate', // another question, the one before stays valid
      'v1AgentsCredentialsRecover', // answers a challenge; asked again, the agent takes the newer credentials
      'v1AgentsCredentialsRenew', // the credentials before stay valid for a while
      'v1AgentsRegister', // the same agent may ask again
      'v1AgentsReportsCreate', // reports have ids
      'v1Authenticate', // sessions are not stored
      'v1BasicOciRegistriesUidSync', // a run that is due is due
      'v1BasicOciRegistriesValidate', // looks only
      'v1BulkClusterProfilesRead',
      'v1ClusterProfilesImportValidate', // looks only
      'v1ClusterTemplatesFilterSummary',
      'v1DashboardAppProfiles',
      'v1EcrRegistriesUidSync', // likewise
      'v1EcrRegistriesValidate', // looks only
      'v1ImpactsCreate', // another look at what would happen
      'v1PacksSearch',
      'v1ProfileVersionsPromote', // what is published twice is published once
      'v1ProfileVersionsPublish', // likewise
      'v1ProjectsUidAlertTest', // a message that says that it is a test
      'v1RegistriesHelmUidSync', // likewise
      'v1RegistriesPackUidSync', // likewise
      'v1SpcPoliciesFilterSummary',
      'v1SpectroClustersSearchFilterSummary',
      'v1SpectroClustersUidActionsCancel', // what has ended stays as it is
      'v1SpectroClustersUidAgentRevoke', // what was taken away stays so
      'v1SpectroClustersUidUpgradeSettings', // sets
    ]);
  });

  it('closes no schema: unknown fields of newer clients and servers pass', () => {
    expect(JSON.stringify(document)).not.toMatch(/"(additional|unevaluated)Properties":false/);
  });

  it('has schemas that a validator compiles', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, validateFormats: false });
    ajv.addVocabulary(['components']);
    ajv.addSchema({ $id: 'contract', components: document.components });
    for (const name of Object.keys(document.components.schemas)) {
      expect(typeof ajv.compile({ $ref: `contract#/components/schemas/${name}` })).toBe('function');
    }
  });

  it('tells the client the success status of each operation', () => {
    const statuses = operations.map(({ key, operation }) => [
      key,
      Number(Object.keys(operation.responses).find((code) => code.startsWith('2'))),
    ]);
    const known = Object.entries(success).map(([key, [status]]) => [key, status]);
    expect(Object.fromEntries(known)).toEqual(Object.fromEntries(statuses));
  });

  // The map of the official provider's requests lies beside a development checkout; elsewhere our own table stands for it.
  const mapFile = join(room, '../../shared/reference/endpoint-map.json');
  it('agrees with the official provider on ids and success statuses, for every operation both know', () => {
    const map: unknown = existsSync(mapFile) ? JSON.parse(readFileSync(mapFile, 'utf8')) : { operations: {} };
    const known = readOfficial(map);
    const ours = new Map(operations.map(({ key, operation }) => [key, operation]));
    for (const [key, official] of known) {
      const operation = ours.get(key);
      if (operation === undefined) continue;
      expect([key, operation.operationId, success[key]?.[0]]).toEqual([key, official.operationId, official.success]);
    }
    expect(operations.length).toBeGreaterThanOrEqual(106 + 15);
  });
});

function readOfficial(map: unknown): Map<string, { operationId: string; success: number }> {
  const found = new Map<string, { operationId: string; success: number }>();
  if (map === null || typeof map !== 'object' || !('operations' in map)) return found;
  for (const [key, value] of Object.entries(map.operations ?? {})) {
    // The cast: a reference file whose form is known; a wrong form fails the comparison.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { operationId, success: statuses } = value as { operationId: string; success: number[] };
    found.set(key, { operationId, success: statuses[0] ?? 0 });
  }
  return found;
}
