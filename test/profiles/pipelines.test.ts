/** The pipelines of examples/pipelines: every step of every job, run as it stands in a repository, against a real plane. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';
import { z } from 'zod';

import { mainFile } from '#cli/package-root';
import { startConformancePlane, type ConformancePlane } from '#test/conformance/support/plane';
import { execute, type Result } from '#test/support/palette';

jest.setTimeout(300_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');

const Step = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
});
const Workflow = z.object({
  on: z.unknown(),
  env: z.record(z.string(), z.string()).default({}),
  jobs: z.record(
    z.string(),
    z.object({ if: z.string().optional(), needs: z.string().optional(), steps: z.array(Step) }),
  ),
});
const GitLabJob = z.object({
  script: z.array(z.string()),
  variables: z.record(z.string(), z.string()).default({}),
  rules: z.array(z.object({ if: z.string(), when: z.string().optional() })).default([]),
});

let folder: string;
let repository: string;
let plane: ConformancePlane;
let comments: Server;
const received: { path: string; token: string | undefined; body: string }[] = [];

const git = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await execute('git', args, { cwd: repository, env: gitEnvironment() });
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
};

function gitEnvironment(): NodeJS.ProcessEnv {
  const person = { NAME: 'test', EMAIL: 'test@example.test' };
  return {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) =>
        Object.entries(person).map(([key, value]) => [`GIT_${who}_${key}`, value]),
      ),
    ),
  };
}

/** A repository as the README of the pipelines describes it. */
async function makeRepository(): Promise<void> {
  await cp(join(examples, 'profiles'), repository, { recursive: true });
  await cp(join(examples, 'packs'), join(repository, 'packs'), { recursive: true });
  await cp(join(examples, 'pipelines/ci'), join(repository, 'ci'), { recursive: true });
  await cp(join(examples, 'pipelines/package.json'), join(repository, 'package.json'));
  await writeFile(join(repository, '.gitignore'), 'node_modules\nrendered\nreview.md\n');
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'Profiles');
  // What `npm ci` would install.
  await mkdir(join(repository, 'node_modules/.bin'), { recursive: true });
  await symlink(mainFile, join(repository, 'node_modules/.bin/palette'));
  for (const name of ['jest', '@jest'])
    await symlink(join(root, 'node_modules', name), join(repository, 'node_modules', name));
}

/** Commands of runners that reach into the world: they note how they were called. */
async function makeTools(): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of ['npm', 'gh']) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "$0 $*" | sed 's|.*/||' >> "${folder}/calls"\n`);
    await chmod(join(bin, name), 0o755);
  }
}

const calls = async (): Promise<string[]> => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-'));
  repository = join(folder, 'repository');
  await mkdir(repository);
  await makeTools();
  comments = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        token: String(request.headers['private-token']),
        body: new URLSearchParams(body).get('body') ?? '',
      });
      response.writeHead(201).end('{}');
    });
  }).listen(0, '127.0.0.1');
  [plane] = await Promise.all([startConformancePlane(), makeRepository(), once(comments, 'listening')]);
  for (const name of ['Staging', 'Production'])
    await plane.client.post('/v1/projects', { body: { metadata: { name } } });
}, 20 * 60_000);

afterAll(async () => {
  comments?.close();
  await plane?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly github?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a job of a workflow as a runner does: each step in a shell of its own, until one fails. */
async function runGitHub(file: string, job: string, { github = {}, env = {} }: Run = {}): Promise<Result> {
  const workflow = Workflow.parse(parse(await readFile(join(examples, 'pipelines/github', file), 'utf8')));
  const known: Readonly<Record<string, string>> = {
    'vars.SPECTROCLOUD_HOST': plane.host,
    'secrets.SPECTROCLOUD_APIKEY': plane.apiKey,
    'vars.STAGING_PROJECT': 'Staging',
    'vars.PRODUCTION_PROJECT': 'Production',
    'github.token': 'token-of-the-run',
    ...github,
  };
  const filled = (values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).map(([name, text]) => [
        name,
        text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
          const value = known[expression];
          if (value === undefined) throw new Error(`the workflow asks for ${expression}`);
          return value;
        }),
      ]),
    );
  const files = { GITHUB_PATH: join(folder, 'github-path'), GITHUB_STEP_SUMMARY: join(folder, 'github-summary') };
  for (const path of Object.values(files)) await writeFile(path, '');
  const steps = workflow.jobs[job]?.steps ?? [];
  const result = { exitCode: 0, stdout: '', stderr: '' };
  for (const step of steps) {
    if (step.run === undefined) continue;
    const added = (await readFile(files.GITHUB_PATH, 'utf8')).split('\n').filter((line) => line !== '');
    const one = await shell(step.run, { ...filled(workflow.env), ...filled(step.env), ...files, ...env }, added);
    Object.assign(result, {
      exitCode: one.exitCode,
      stdout: result.stdout + one.stdout,
      stderr: result.stderr + one.stderr,
    });
    if (one.exitCode !== 0) break;
  }
  return result;
}

/** Runs a job of GitLab's pipeline: one shell for what comes before and the script. */
async function runGitLab(job: string, env: Readonly<Record<string, string>>): Promise<Result> {
  const file = z
    .looseObject({ default: z.object({ before_script: z.array(z.string()) }) })
    .parse(parse(await readFile(join(examples, 'pipelines/gitlab/.gitlab-ci.yml'), 'utf8')));
  const { script, variables } = GitLabJob.parse(file[job]);
  const ofProject: Record<string, string> = {
    SPECTROCLOUD_HOST: plane.host,
    SPECTROCLOUD_APIKEY: plane.apiKey,
    STAGING_PROJECT: 'Staging',
    PRODUCTION_PROJECT: 'Production',
    ...env,
  };
  const given = Object.fromEntries(
    Object.entries(variables).map(([name, text]) => [
      name,
      text.replaceAll(/\$(\w+)/g, (_, of: string) => ofProject[of] ?? ''),
    ]),
  );
  return shell([...file.default.before_script, ...script].join('\n'), { ...ofProject, ...given }, []);
}

async function shell(script: string, env: Readonly<Record<string, string>>, path: readonly string[]): Promise<Result> {
  return execute('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: repository,
    env: {
      ...gitEnvironment(),
      ...env,
      SPECTROCLOUD_CA_FILE: plane.caFile,
      NO_COLOR: '1',
      PATH: [...path, join(folder, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    },
    timeoutMs: 240_000,
  });
}

const versionsIn = async (project: string): Promise<{ name: string; version: string; digest: string }[]> => {
  const { stdout } = await shell(`palette profile versions --project ${project} --output json`, pointing(), [
    join(repository, 'node_modules/.bin'),
  ]);
  const Versions = z.array(z.object({ name: z.string(), version: z.string(), digest: z.string(), scope: z.string() }));
  return Versions.parse(JSON.parse(stdout)).filter(({ scope }) => scope === 'project');
};

const pointing = () => ({ SPECTROCLOUD_HOST: plane.host, SPECTROCLOUD_APIKEY: plane.apiKey });

/** One commit with another text of the program. */
async function change(from: string | RegExp, to: string): Promise<void> {
  const file = join(repository, 'profiles.ts');
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(from);
  await writeFile(file, text.replaceAll(from, to));
  await git('commit', '--quiet', '--all', '--message', 'Change');
}

describe('the pipelines', () => {
  it('check a commit, and leave what it renders as files', async () => {
    const result = await runGitHub('profiles.yml', 'check');
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain('Tests:       4 passed, 4 total');
    expect((await readdir(join(repository, 'rendered'), { recursive: true })).join('\n')).toMatch(
      /hello-chart.*\.yaml/,
    );
    expect(await calls()).toEqual(['npm ci']);
  });

  it('publish a tag in one project, and the second run changes nothing', async () => {
    await git('tag', 'v1.4.0');
    expect(await runGitHub('profiles.yml', 'publish')).toMatchObject({ exitCode: 0 });
    const first = await versionsIn('Staging');
    expect(first.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(['guests 1.4.0', 'site 1.4.0']);
    expect(await runGitLab('publish', { CI_COMMIT_TAG: 'v1.4.0' })).toMatchObject({ exitCode: 0 });
    expect(await versionsIn('Staging')).toEqual(first);
  });

  it('compare what is published with a file, packs from the registries of the API', async () => {
    const bin = [join(repository, 'node_modules/.bin')];
    const diff = 'palette profile diff guests@1.4.0 profiles.ts#guests --project Staging';
    expect(await shell(diff, pointing(), bin)).toMatchObject({
      exitCode: 0,
      stdout: 'profile guests 1.4.0: no change\n',
    });
    expect(await shell(diff.replace('1.4.0', '1.3.0'), pointing(), bin)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('profile guests has no published version 1.3.0'),
    });
  });

  it('promote a version by hand, its digest kept', async () => {
    expect(await runGitHub('promote.yml', 'promote', { github: { 'inputs.profile': 'guests@1.4.0' } })).toMatchObject({
      exitCode: 0,
    });
    expect(await runGitLab('promote', { PROFILE: 'guests@latest' })).toMatchObject({ exitCode: 0 });
    const staging = (await versionsIn('Staging')).find(({ name }) => name === 'guests');
    expect((await versionsIn('Production')).map(({ name, digest }) => [name, digest])).toEqual([
      ['guests', staging?.digest],
    ]);
  });

  it('tell reviewers what a branch changes, and which clusters it concerns', async () => {
    await importCluster('edge-1');
    const base = await git('rev-parse', 'HEAD');
    await git('switch', '--quiet', '--create', 'more');
    await change(/version: '1\.4\.0'/g, "version: '1.5.0'");
    await change("isolation: 'same-namespace'", "isolation: 'open'");

    const github = { 'github.event.pull_request.base.sha': base, 'github.event.pull_request.number': '7' };
    const result = await runGitHub('profiles.yml', 'review', { github });
    expect(result).toMatchObject({ exitCode: 0 });
    expect((await calls()).at(-1)).toBe('gh pr comment 7 --body-file review.md --edit-last --create-if-none');
    const review = await readFile(join(repository, 'review.md'), 'utf8');
    expect(review).toMatch(/### profile guests 1\.4\.0 → 1\.5\.0/);
    expect(review).toMatch(/```diff\n! guardrails/);
    expect(review).toMatch(/### Policy of profile guests 1\.5\.0\n\n\d+ rules: nothing found\./);
    expect(review).toContain('edge-1');
    expect(await readFile(join(folder, 'github-summary'), 'utf8')).toBe(review);
    expect(await git('worktree', 'list')).not.toContain('\n');

    const address = comments.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const gitlab = await runGitLab('review', {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
      CI_PROJECT_ID: '12',
      CI_MERGE_REQUEST_IID: '3',
      REVIEW_TOKEN: 'review-token',
    });
    expect(gitlab).toMatchObject({ exitCode: 0 });
    expect(received).toEqual([
      {
        path: '/api/v4/projects/12/merge_requests/3/notes',
        token: 'review-token',
        body: await readFile(join(repository, 'review.md'), 'utf8'),
      },
    ]);
  });

  it('end when the content of a published version changes, and say how it differs', async () => {
    await change(/version: '1\.5\.0'/g, "version: '1.4.0'");
    const { exitCode, stderr } = await runGitHub('profiles.yml', 'publish');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/guests.*1\.4\.0/s);
    expect(stderr).toContain('guardrails');
  });

  it('end when a rule of the profiles is broken', async () => {
    const policies = join(repository, 'policies.ts');
    await writeFile(policies, (await readFile(policies, 'utf8')).replace('<= 9', '<= 1'));
    const { exitCode, stdout, stderr } = await runGitLab('check', {});
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('expected at most nine replicas');
  });

  it('run for the right events alone', async () => {
    const file = async (name: string) =>
      Workflow.parse(parse(await readFile(join(examples, 'pipelines/github', name), 'utf8')));
    const profiles = await file('profiles.yml');
    expect(profiles.on).toEqual({ pull_request: null, push: { branches: ['main'], tags: ['v*'] } });
    expect(profiles.jobs['review']).toMatchObject({
      needs: 'check',
      if: expect.stringContaining('!github.event.pull_request.head.repo.fork'),
    });
    expect(profiles.jobs['publish']).toMatchObject({ needs: 'check', if: "startsWith(github.ref, 'refs/tags/v')" });
    expect((await file('promote.yml')).on).toHaveProperty('workflow_dispatch.inputs.profile');
    // A value from outside reaches a script through its environment alone.
    for (const { jobs } of [profiles, await file('promote.yml')])
      for (const { steps } of Object.values(jobs)) for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });
});

/** A cluster of Production that runs what was promoted; nobody has joined it yet. */
async function importCluster(name: string): Promise<void> {
  const { items } = await plane.client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = (items ?? []).find(({ metadata }) => metadata?.name === 'Production')?.metadata?.uid ?? '';
  const scope = { kind: 'project', projectUid } as const;
  const profiles = await plane.client.get('/v1/profileversions', { query: { name: 'guests' }, scope });
  const { uid } = await plane.client.post('/v1/spectroclusters/generic/import', {
    scope,
    body: { metadata: { name } },
  });
  await plane.client.patch('/v1/spectroclusters/{uid}/profiles', {
    path: { uid },
    scope,
    body: { profiles: profiles.items.map((one) => ({ uid: one.uid })) },
  });
}
