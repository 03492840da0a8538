import { describe, expect, it } from '@jest/globals';

import { imageReference, imagesOfObjects, imagesOfValues } from './images.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('an image reference in full', () => {
  it.each([
    { name: 'a bare name', given: 'nginx', want: 'docker.io/library/nginx:latest' },
    { name: 'a name with a tag', given: 'nginx:1.27', want: 'docker.io/library/nginx:1.27' },
    { name: 'a path on the default host', given: 'kubearmor/kubearmor:v1', want: 'docker.io/kubearmor/kubearmor:v1' },
    { name: 'a host', given: 'quay.io/a/b/c:v1', want: 'quay.io/a/b/c:v1' },
    { name: 'a host with a port', given: 'localhost:5000/a', want: 'localhost:5000/a:latest' },
    { name: 'a digest', given: `quay.io/a/b@${DIGEST}`, want: `quay.io/a/b@${DIGEST}` },
    { name: 'tag and digest', given: `quay.io/a/b:v1@${DIGEST}`, want: `quay.io/a/b:v1@${DIGEST}` },
    { name: 'the old name of the default host', given: 'index.docker.io/a/b', want: 'docker.io/a/b:latest' },
    { name: 'a scheme that tools put before it', given: 'docker://quay.io/a/b:1', want: 'quay.io/a/b:1' },
    { name: 'a macro', given: '{{ .spectro.var.image }}', want: undefined },
    { name: 'nothing', given: '', want: undefined },
    { name: 'a URL', given: 'https://quay.io/a/b', want: undefined },
    { name: 'capital letters in the path', given: 'quay.io/A/b', want: undefined },
    { name: 'more than any name has', given: 'a'.repeat(10_000), want: undefined },
    { name: 'text made to keep a pattern busy', given: `${'a-'.repeat(240)}!`, want: undefined },
  ])('$name', ({ given, want }) => {
    expect(imageReference(given)).toBe(want);
  });
});

describe('images of rendered objects', () => {
  const pod = { containers: [{ name: 'a', image: 'a:1' }], initContainers: [{ name: 'b', image: 'b:1' }] };
  it.each([
    {
      name: 'containers of a Deployment, and those that go before',
      given: { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: pod } } },
      want: ['docker.io/library/a:1', 'docker.io/library/b:1'],
    },
    {
      name: 'a CronJob',
      given: { apiVersion: 'batch/v1', kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
      want: ['docker.io/library/a:1', 'docker.io/library/b:1'],
    },
    {
      name: 'a custom resource with repository and tag',
      given: {
        apiVersion: 'x.test/v1',
        kind: 'X',
        spec: { server: { image: { registry: 'quay.io', repository: 'a/b', tag: 'v1' } } },
      },
      want: ['quay.io/a/b:v1'],
    },
    {
      name: "Crossplane's package",
      given: { apiVersion: 'pkg.crossplane.io/v1', kind: 'Provider', spec: { package: 'xpkg.test/a/b:v1' } },
      want: ['xpkg.test/a/b:v1'],
    },
    {
      name: 'flags and variables of an operator',
      given: {
        apiVersion: 'v1',
        kind: 'Pod',
        spec: {
          containers: [
            {
              image: 'op.test/op:1',
              args: ['--reloader=quay.io/p/reloader:v1', '--url=https://quay.io/a/b:1', '--listen=:8080'],
              env: [
                { name: 'RELATED_IMAGE_SERVER', value: 'server:2' },
                { name: 'ADDRESS', value: 'db.test:5432' },
                { name: 'HELPER', value: 'ghcr.io/a/helper:3' },
              ],
            },
          ],
        },
      },
      want: ['docker.io/library/server:2', 'ghcr.io/a/helper:3', 'op.test/op:1', 'quay.io/p/reloader:v1'],
    },
    {
      name: 'nothing of a definition, of configuration, of a label',
      given: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { labels: { image: 'x:1' } },
        data: { image: 'logo.png' },
      },
      want: [],
    },
  ])('$name', ({ given, want }) => {
    expect(imagesOfObjects([given])).toEqual(want);
  });

  it('an object that nests without end is left at a depth that none has', () => {
    let nested: object = { image: 'deep:1' };
    for (let depth = 0; depth < 50_000; depth++) nested = { nested };
    expect(imagesOfObjects([{ kind: 'X', nested }])).toEqual([]);
  });
});

describe('images that values list', () => {
  it.each([
    {
      name: 'as maps',
      given: 'pack:\n  content:\n    images:\n      - image: a:1\n      - image: b:2\n',
      want: ['a:1', 'b:2'],
    },
    { name: 'as texts', given: 'pack:\n  content:\n    images: [a:1]\n', want: ['a:1'] },
    { name: 'none', given: 'pack:\n  content:\n    charts: []\n', want: [] },
    { name: 'of another form', given: 'pack:\n  content:\n    images: {a: 1}\n', want: [] },
    { name: 'empty values', given: '', want: [] },
  ])('$name', ({ given, want }) => {
    expect(imagesOfValues(given)).toEqual(want);
  });
});
