/** `palette profile publish | promote | versions | export | settings` as a pipeline runs them, against a real plane. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { mainFile } from '#cli/package-root';
import { startConformancePlane, type ConformancePlane } from '#test/conformance/support/plane';
import { execute, type Result } from '#test/support/palette';

jest.setTimeout(120_000);

const profile = (name: string, version: string, greeting: string): string => `apiVersion: palette-iac.dev/v1
kind: ClusterProfile
name: ${name}
version: ${version}
description: Says hello
variables:
  - name: replicas
    format: number
    defaultValue: "1"
  - name: token
    isSensitive: true
    defaultValue: ${greeting}-secret
layers:
  - name: hello-chart
    version: ^1.0.0
    values: |
      # kept
      charts:
        hello:
          greeting: ${greeting}
  - name: own
    type: manifest
    manifests:
      - name: settings
        content: |
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: settings, namespace: default}
`;

describe('publishing from the command line', () => {
  let plane: ConformancePlane;
  let dir: string;

  const palette = async (...args: string[]): Promise<Result> =>
    execute(process.execPath, [mainFile, 'profile', ...args], {
      cwd: dir,
      env: { ...process.env, ...plane.env, PALETTE_CACHE: join(dir, 'cache'), NO_COLOR: '1' },
    });
  const ok = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await palette(...args);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return stdout;
  };
  const file = async (name: string, ...documents: string[]): Promise<string> => {
    await writeFile(join(dir, name), documents.join('---\n'));
    return name;
  };

  beforeAll(async () => {
    plane = await startConformancePlane();
    dir = await mkdtemp(join(tmpdir(), 'palette-publish-'));
    await plane.client.post('/v1/projects', { body: { metadata: { name: 'Production' } } });
  });

  afterAll(async () => {
    await plane?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('publishes every profile of a file, and says that they are there the second time', async () => {
    const source = await file('web.yaml', profile('web', '1.0.0', 'hi'), profile('shop', '1.0.0', 'hi'));
    const dry = JSON.parse(await ok('publish', source, '--project', 'Default', '--dry-run', '--output', 'json'));
    expect(dry).toMatchObject([
      { name: 'web', created: true },
      { name: 'shop', created: true },
    ]);
    expect(await ok('versions', '--project', 'Default')).toBe('no profiles\n');
    const first = JSON.parse(await ok('publish', source, '--project', 'Default', '--output', 'json'));
    expect(first).toMatchObject([
      { name: 'web', version: '1.0.0', created: true, uid: expect.any(String), digest: dry[0].digest },
      { name: 'shop', created: true },
    ]);
    expect(await ok('publish', source, '--project', 'Default')).toMatch(
      /^PROFILE +VERSION +RESULT +DIGEST\nweb +1\.0\.0 +is there already +sha256:[0-9a-f]{64}\n/,
    );
    expect(await ok('publish', source, '--project', 'Default', '--output', 'markdown')).toMatch(
      /^\| profile \| version \| result \| digest \|\n\| --- \| --- \| --- \| --- \|\n\| web \| 1\.0\.0 \|/,
    );
  });

  it('refuses another content under a version, shows what differs and no secret, and publishes nothing of the file', async () => {
    const source = await file('changed.yaml', profile('fresh', '1.0.0', 'hi'), profile('web', '1.0.0', 'bye'));
    const { exitCode, stderr, stdout } = await palette('publish', source, '--project', 'Default');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/web 1\.0\.0 is published with another content.*raise the version/);
    expect(stderr).toMatch(/greeting/);
    expect(stderr).toMatch(/bye/);
    expect(stderr).not.toMatch(/-secret/);
    expect(await ok('versions', '--project', 'Default')).not.toMatch(/fresh/);
  });

  it('promotes the newest of a line with its digest, once', async () => {
    await ok('publish', await file('next.yaml', profile('web', '1.1.0', 'servus')), '--project', 'Default');
    const [newest] = JSON.parse(await ok('versions', 'web@latest', '--project', 'Default', '--output', 'json'));
    expect(newest).toMatchObject({ version: '1.1.0', sealed: true, scope: 'project' });
    const promote = async (): Promise<unknown> =>
      JSON.parse(await ok('promote', 'web@1.x', '--from', 'Default', '--to', 'Production', '--output', 'json'));
    expect(await promote()).toMatchObject([{ version: '1.1.0', created: true, digest: newest.digest }]);
    expect(await promote()).toMatchObject([{ created: false, digest: newest.digest }]);
    expect(await ok('versions', 'web', '--project', 'Production')).toMatch(/web +1\.1\.0 +project +sealed +0 +sha256:/);
    expect(await ok('promote', 'web@1.0.0', '--from', 'Default', '--to', 'tenant')).toMatch(/web +1\.0\.0 +published/);
  });

  it('exports a version as a file that can be imported elsewhere', async () => {
    await ok('export', 'web@latest', '--project', 'Default', '--out', 'export.yaml');
    const text = await readFile(join(dir, 'export.yaml'), 'utf8');
    expect(text).toContain('# kept');
    expect(text).not.toContain('-secret');
    expect(JSON.parse(await ok('export', 'web@1.0.0', '--project', 'Default', '--format', 'json'))).toMatchObject({
      metadata: { name: 'web' },
      spec: { version: '1.0.0' },
    });
    const { uid } = await plane.client.post('/v1/clusterprofiles/import/file', {
      query: { publish: true, format: 'yaml' },
      body: { importFile: new TextEncoder().encode(text.replace('version: 1.1.0', 'version: 7.0.0')) },
      scope: plane.project,
    });
    expect(uid).toMatch(/^[0-9a-f]{24}$/);
    expect(await ok('versions', 'web@7.x', '--project', 'Default')).toContain('7.0.0');
  });

  it('seals a project, and gives it policies that are checked before they are taken', async () => {
    await file('policy.yaml', 'name: baseline\nrules:\n  - kind: builtin\n    rule: no-privileged-pods\n');
    expect(await ok('settings', '--project', 'Production', '--versions', 'immutable', '--policy', 'policy.yaml')).toBe(
      'versions: immutable\npolicy:   warn, 1 rules\n',
    );
    expect(await ok('settings', '--project', 'Production', '--policy-mode', 'off')).toContain('policy:   off, 1 rules');
    await file('wrong.yaml', 'rules:\n  - kind: builtin\n    rule: nothing\n');
    const { exitCode, stderr } = await palette('settings', '--policy', 'wrong.yaml');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/rules\[0\].*nothing/);
  });

  it.each([
    { args: ['promote', 'web', '--from', 'Default', '--to', 'Production'], exitCode: 2, says: /expected NAME@VERSION/ },
    { args: ['promote', 'web@1.0.0', '--from', 'Default'], exitCode: 2, says: /--to/ },
    {
      args: ['promote', 'web@9.x', '--from', 'Default', '--to', 'Production'],
      exitCode: 1,
      says: /no published version 9\.x.*1\.1\.0/,
    },
    { args: ['versions', 'nothing', '--project', 'Default'], exitCode: 1, says: /no profile "nothing".*web/s },
    { args: ['versions', 'web@9.x', '--project', 'Default'], exitCode: 1, says: /no published version 9\.x.*1\.1\.0/s },
    { args: ['versions', '--project', 'Nowhere'], exitCode: 1, says: /no project "Nowhere".*Default/s },
    { args: ['export', 'web@9.x', '--project', 'Default'], exitCode: 1, says: /no published version 9\.x/ },
    { args: ['publish', 'absent.yaml'], exitCode: 1, says: /absent\.yaml/ },
    { args: ['settings', '--policy', 'absent.yaml'], exitCode: 2, says: /absent\.yaml/ },
  ])('$args ends with $exitCode and says why', async ({ args, exitCode, says }) => {
    const result = await palette(...args);
    expect(result.stderr).toMatch(says);
    expect(result.exitCode).toBe(exitCode);
  });
});
