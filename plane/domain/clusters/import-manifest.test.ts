import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { importManifest, type ImportManifestInput } from './import-manifest.ts';

const input: ImportManifestInput = {
  planeUrl: 'https://plane.example.test',
  planeCa: '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n',
  clusterUid: 'a'.repeat(24),
  token: 'par_secret',
  image: 'registry.example.test/agent:1',
  importMode: 'full',
  proxy: undefined,
};

const objects = (over: Partial<ImportManifestInput> = {}): Record<string, { [key: string]: never }> =>
  Object.fromEntries(
    parseAllDocuments(importManifest({ ...input, ...over })).map((document) => {
      const object: unknown = document.toJSON();
      // Documents of our own making, looked into by the tests below.
      return [(object as { kind: string }).kind, object as never];
    }),
  );

describe('the import manifest', () => {
  it('brings what the agent needs to join, and nothing else that is secret', () => {
    expect(objects()['Secret']).toMatchObject({
      metadata: { name: 'palette-agent-bootstrap', namespace: 'palette-system' },
      stringData: {
        planeUrl: input.planeUrl,
        clusterUid: input.clusterUid,
        token: input.token,
        'ca.crt': input.planeCa,
      },
    });
    expect(importManifest(input).match(/par_secret/g)).toHaveLength(1);
  });

  it('gives the agent the environment that the plane was told, and that people put beside it', () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_EXPORTER_OTLP_HEADERS: 'key=s3cret' };
    const documents = parseAllDocuments(importManifest({ ...input, settings })).map((document): unknown =>
      document.toJSON(),
    );
    const secret = { kind: 'Secret', metadata: { name: 'palette-agent-settings' } };
    expect(documents).toContainEqual(expect.objectContaining({ kind: 'Secret', stringData: settings }));
    expect(documents.filter((document) => JSON.stringify(document).includes('s3cret'))).toMatchObject([secret]);
    expect(objects()['Deployment']).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                envFrom: [{ secretRef: { name: 'palette-agent-settings', optional: true } }],
                volumeMounts: [{ name: 'work' }, { name: 'local', mountPath: '/etc/palette-agent/local' }],
              },
            ],
            volumes: [{ name: 'work' }, { secret: { secretName: 'palette-agent-local', optional: true } }],
          },
        },
      },
    });
    expect(importManifest(input).match(/kind: Secret\n/g)).toHaveLength(1);
  });

  it('leaves the CA out where the plane is publicly trusted', () => {
    expect(objects({ planeCa: undefined })['Secret']?.['stringData']).not.toHaveProperty(['ca.crt']);
  });

  it('runs in a restricted namespace, and in a privileged one only to mount the CA of a proxy', () => {
    const level = ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'];
    expect(objects()['Namespace']).toHaveProperty(level, 'restricted');
    const proxied = objects({
      proxy: { httpsProxy: 'http://proxy:3128', noProxy: '10.0.0.0/8', caHostPath: '/etc/ssl/proxy.pem' },
    });
    expect(proxied['Namespace']).toHaveProperty(level, 'privileged');
    expect(proxied['Deployment']).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: [{ name: 'NODE_OPTIONS' }, { name: 'NODE_EXTRA_CA_CERTS', value: '/etc/ssl/proxy.pem' }],
              },
            ],
            volumes: [
              { name: 'work' },
              { name: 'local' },
              { name: 'proxy-ca', hostPath: { path: '/etc/ssl/proxy.pem' } },
            ],
          },
        },
      },
    });
  });

  it.each([
    {
      name: 'both proxies',
      proxy: { httpProxy: 'http://plain:3128', httpsProxy: 'http://me:s3cret@proxy:3128', noProxy: '10.0.0.0/8' },
      want: { httpsProxy: 'http://me:s3cret@proxy:3128', noProxy: '10.0.0.0/8' },
    },
    {
      name: 'one proxy for everything',
      proxy: { httpProxy: 'http://me:s3cret@proxy:3128' },
      want: { httpsProxy: 'http://me:s3cret@proxy:3128' },
    },
  ])('keeps the address of $name in the Secret, where its password belongs', ({ proxy, want }) => {
    const manifest = objects({ proxy });
    expect(manifest['Secret']?.['stringData']).toMatchObject(want);
    expect(JSON.stringify(manifest['Deployment'])).not.toContain('s3cret');
  });

  it('says for every object why it is there', () => {
    for (const document of importManifest(input)
      .split(/^---\n/m)
      .slice(1))
      expect(document).toMatch(/^# \S.*\.\n/);
  });
});
