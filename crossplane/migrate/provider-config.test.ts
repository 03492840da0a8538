import { describe, expect, it } from '@jest/globals';

import { mapAt } from '#kubernetes/object';

import { migrate, type Migration } from './migrate.ts';

const KEY = 'the-api-key';
const config = (rest: string, apiVersion = 'palette.crossplane.io/v1beta1', kind = 'ProviderConfig'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: default\n${rest}`;
const CREDENTIALS =
  'spec:\n  credentials:\n    source: Secret\n    secretRef:\n      name: creds\n      namespace: system\n      key: credentials\n';
const secret = (content: Readonly<Record<string, unknown>>, namespace = 'system'): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'creds', namespace },
    data: { credentials: Buffer.from(JSON.stringify(content)).toString('base64') },
  });

const run = (texts: readonly string[], project?: string): Migration =>
  migrate(
    texts.map((text, index) => ({ file: `${index}.yaml`, text })),
    {
      create: false,
      observe: false,
      project,
      targets: () => {
        throw new Error('there is no managed resource');
      },
    },
  );

describe('provider configurations', () => {
  it('come with a Secret of their own, and say host and project openly', () => {
    const { manifests, findings } = run([
      config(CREDENTIALS),
      secret({
        api_key: KEY,
        host: 'https://api.example.com/',
        project_name: 'Default',
        ignore_insecure_tls_error: 'true',
        retry_attempts: '3',
      }),
    ]);
    expect(manifests).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'creds-palette-iac', namespace: 'system' },
        type: 'Opaque',
        stringData: { apiKey: KEY },
      },
      {
        apiVersion: 'palette-iac.dev/v1alpha1',
        kind: 'ProviderConfig',
        metadata: { name: 'default' },
        spec: {
          host: 'api.example.com',
          project: 'Default',
          ignoreInsecureTlsError: true,
          credentials: { source: 'Secret', secretRef: { name: 'creds-palette-iac', namespace: 'system' } },
        },
      },
    ]);
    expect(findings).toEqual([
      expect.objectContaining({ level: 'changed', line: 8, path: 'spec.credentials.secretRef' }),
      expect.objectContaining({ level: 'lost', file: '1.yaml', message: expect.stringContaining('retry_attempts') }),
    ]);
  });

  it('of a namespace use the Secret there, whatever namespace they name', () => {
    const text = config(CREDENTIALS, 'palette.m.crossplane.io/v1beta1').replace(
      '  name: default\n',
      '  name: default\n  namespace: team\n',
    );
    const { manifests } = run([text, secret({ api_key: KEY, host: 'h', project_name: 'p' }, 'team')]);
    expect(manifests).toMatchObject([
      { kind: 'Secret', metadata: { namespace: 'team' } },
      {
        apiVersion: 'm.palette-iac.dev/v1alpha1',
        kind: 'ProviderConfig',
        metadata: { namespace: 'team' },
        spec: { credentials: { secretRef: { name: 'creds-palette-iac' } } },
      },
    ]);
    expect(manifests[1]).not.toHaveProperty('spec.credentials.secretRef.namespace');
  });

  it('of a cluster for namespaces keep their kind', () => {
    const { manifests } = run([
      config(CREDENTIALS, 'palette.m.crossplane.io/v1beta1', 'ClusterProviderConfig'),
      secret({ api_key: KEY, host: 'h', project_name: 'p' }),
    ]);
    expect(manifests[1]).toMatchObject({
      kind: 'ClusterProviderConfig',
      spec: { credentials: { secretRef: { namespace: 'system' } } },
    });
  });

  it('with two keys of one Secret get a Secret each', () => {
    const second = config(CREDENTIALS.replace('key: credentials', 'key: Other_creds')).replace(
      'name: default',
      'name: second',
    );
    const encoded = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64');
    const both = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'creds', namespace: 'system' },
      data: {
        credentials: encoded({ api_key: KEY, host: 'h', project_name: 'p' }),
        Other_creds: encoded({ api_key: 'another-key', host: 'h', project_name: 'q' }),
      },
    });
    const { manifests } = run([config(CREDENTIALS), second, both]);
    const keys = new Map(
      manifests.map((manifest) => [mapAt(manifest, 'metadata')['name'], mapAt(manifest, 'stringData')['apiKey']]),
    );
    const keyOf = (name: string): unknown => {
      const found = manifests.find((m) => m['kind'] === 'ProviderConfig' && mapAt(m, 'metadata')['name'] === name);
      return keys.get(mapAt(found, 'spec', 'credentials', 'secretRef')['name']);
    };
    expect([keyOf('default'), keyOf('second')]).toEqual([KEY, 'another-key']);
    for (const name of keys.keys()) expect(name).toMatch(/^[a-z0-9.-]+$/);
  });

  it('share a Secret that is written once', () => {
    const second = config(CREDENTIALS).replace('name: default', 'name: second');
    const { manifests } = run([config(CREDENTIALS), second, secret({ api_key: KEY, host: 'h', project_name: 'p' })]);
    expect(manifests.map(({ kind }) => kind)).toEqual(['Secret', 'ProviderConfig', 'ProviderConfig']);
  });

  it.each([
    {
      name: 'without their Secret are left out: nothing tells their project',
      texts: [config(CREDENTIALS)],
      written: 0,
      want: { level: 'action', path: 'spec.credentials.secretRef', message: expect.stringContaining('system/creds') },
    },
    {
      name: 'with credentials from elsewhere are left out',
      texts: [config('spec:\n  credentials:\n    source: Environment\n    env:\n      name: X\n')],
      written: 0,
      want: { level: 'lost', path: 'spec.credentials.source' },
    },
    {
      name: 'whose Secret is no JSON are left out',
      texts: [config(CREDENTIALS), secret({}).replace(/"credentials":"[^"]+"/, '"credentials":"e3t7"')],
      written: 0,
      want: { level: 'action', file: '1.yaml', path: 'data.credentials' },
    },
    {
      name: 'that name no project are written, with a word about it',
      texts: [config(CREDENTIALS), secret({ api_key: KEY, host: 'h' })],
      written: 2,
      want: { level: 'action', path: '' },
    },
    {
      name: 'that name no host are written, with a word about it',
      texts: [config(CREDENTIALS), secret({ api_key: KEY, project_name: 'p' })],
      written: 2,
      want: { level: 'action', message: expect.stringContaining('spec.host') },
    },
  ])('$name', ({ texts, written, want }) => {
    const { manifests, findings } = run(texts);
    expect(manifests).toHaveLength(written);
    expect(findings).toContainEqual(expect.objectContaining(want));
  });

  it.each([
    { project: 'Default', want: 'Default' },
    { project: '', want: undefined },
  ])('take the project "$project" from the option', ({ project, want }) => {
    const { manifests, findings } = run([config(CREDENTIALS)], project);
    expect(manifests).toHaveLength(1);
    expect(mapAt(manifests[0], 'spec')['project']).toBe(want);
    expect(findings).toEqual([
      expect.objectContaining({ level: 'action', message: expect.stringContaining('create secret generic') }),
    ]);
  });

  it('never put a secret into a finding', () => {
    const { findings } = run([config(CREDENTIALS), secret({ api_key: KEY, other: KEY, host: `${KEY}.example.com` })]);
    for (const { message } of findings) expect(message).not.toContain(KEY);
  });

  it('that others wrote for themselves are not carried over, and nothing is said', () => {
    const usage = 'apiVersion: palette.crossplane.io/v1beta1\nkind: ProviderConfigUsage\nmetadata: {name: x}\n';
    expect(run([usage])).toEqual({ manifests: [], findings: [] });
  });
});
