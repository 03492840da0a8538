/**
 * The whole idea in one run, on real servers: applies `main.ts` with Terraform, then breaks
 * things on purpose and shows that they heal. Every step checks what it claims; the first that
 * does not hold ends the run with exit code 1 and leaves the folder with its logs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { check, run, seconds, table, until, watch } from './support.ts';

const packageRoot = dirname(fileURLToPath(import.meta.resolve('palette-iac/package.json')));
const palette = join(packageRoot, 'dist/cli/main.js');
const NAMESPACE = 'hello';

interface Ready {
  readonly host: string;
  readonly apiKey: string;
  readonly caFile: string;
  readonly kubeconfig: string;
  readonly pid: number;
}

const rows: string[][] = [];
const started = performance.now();

/** One line a step: what it is when it begins, how long it took and what came of it when it ends. */
async function step(name: string, work: () => Promise<string | void>): Promise<void> {
  const from = performance.now();
  process.stderr.write(`▸ ${name}\n`);
  const note = (await work()) ?? '';
  const took = seconds(performance.now() - from);
  process.stderr.write(`  ✓ ${took}${note === '' ? '' : `, ${note}`}\n`);
  rows.push([name, took, note]);
}

const home = await realpath(await mkdtemp(join(tmpdir(), 'palette-quickstart-')));
const project = join(home, 'project');
const stack = join(project, 'cdktf.out/stacks/quickstart');
let environment: ChildProcess | undefined;

/** `palette up` in the background; its progress goes to the user, its JSON line comes back. */
async function up(): Promise<Ready> {
  const child = spawn(process.execPath, [palette, 'up', '--json', '--home', join(home, 'env')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  environment = child;
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`palette up ended with exit code ${String(code)}`);
  });
  const line = once(createInterface({ input: child.stdout }), 'line').then(
    ([text]) => JSON.parse(String(text)) as Ready,
  );
  const ready = await Promise.race([line, failed]);
  failed.catch(() => undefined); // From here on it ends when the quickstart ends it.
  return ready;
}

async function down(): Promise<void> {
  if (environment === undefined || environment.exitCode !== null) return;
  environment.kill('SIGTERM');
  await once(environment, 'exit');
}

/** The program as a user has it: in a folder of its own, palette-iac and cdktf installed beside it. */
async function writeProject(): Promise<void> {
  await mkdir(join(project, 'node_modules'), { recursive: true });
  await symlink(packageRoot, join(project, 'node_modules/palette-iac'));
  for (const name of ['cdktf', 'constructs']) {
    await symlink(join(packageRoot, 'node_modules', name), join(project, 'node_modules', name));
  }
  await writeFile(join(project, 'main.ts'), await readFile(join(packageRoot, 'examples/quickstart/main.ts')));
}

/** Changes the program's text, as an author would, and fails when there is nothing to change. */
async function edit(from: string, to: string): Promise<void> {
  const file = join(project, 'main.ts');
  const text = await readFile(file, 'utf8');
  check(text.includes(from), `main.ts says ${from}`);
  await writeFile(file, text.replace(from, to));
}

async function synth(): Promise<void> {
  await build({
    entryPoints: [join(project, 'main.ts')],
    outfile: join(project, 'main.mjs'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  await run(process.execPath, ['main.mjs'], { cwd: project });
}

async function story(): Promise<void> {
  let ready: Ready | undefined;
  await step('start the embedded environment', async () => {
    ready = await up();
  });
  check(ready !== undefined, 'the environment says that it is ready');
  const { kubeconfig } = ready;
  const cli = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [palette, ...args, '--home', join(home, 'env')])).stdout;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...(JSON.parse(await cli('env', '--output', 'json')) as Record<string, string>),
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const kubectl = (await cli('tools', 'path', 'kubectl')).trim();
  const kube = async (...args: string[]): Promise<string> => (await run(kubectl, args, { env })).stdout.trim();
  const gone = async (...args: string[]): Promise<boolean> =>
    (await kube('get', ...args, '--ignore-not-found', '-o', 'name')) === '';
  const terraform = async ([verb = '', ...args]: readonly string[], accept = [0]): Promise<number> =>
    (
      await run('terraform', [verb, '-no-color', '-input=false', ...args], {
        cwd: stack,
        env,
        accept,
        timeoutMs: 300_000,
      })
    ).exitCode;
  const cluster = async (): Promise<{ state: string; health: string; appliedRevision: number }> =>
    JSON.parse(await cli('cluster', 'get', 'local', '--project', 'quickstart', '--output', 'json')) as never;
  const writes = async (): Promise<number> => {
    const metrics = await cli('agent', 'metrics');
    return Number(/^palette_agent_applies_total(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1] ?? Number.NaN);
  };

  await step('push two packs to the registry', async () => {
    for (const name of ['guardrails-1.0.0', 'hello-chart-1.0.0']) {
      await cli('pack', 'push', join(packageRoot, 'examples/packs', name));
    }
    return 'guardrails 1.0.0, hello-chart 1.0.0';
  });

  await step('synthesise main.ts and terraform init', async () => {
    await writeProject();
    await synth();
    await terraform(['init']);
  });

  await step('terraform plan and apply', async () => {
    const exitCode = await terraform(['plan', '-detailed-exitcode', '-out=plan'], [2]);
    check(exitCode === 2, 'the first plan has changes');
    await terraform(['apply', 'plan']);
    const { state, health } = await cluster();
    check(
      state === 'Running' && health === 'Healthy',
      `the cluster is Running and Healthy (it is ${state}, ${health})`,
    );
    const greeting = await kube('-n', NAMESPACE, 'get', 'configmap', 'hello-chart', '-o', 'jsonpath={.data.greeting}');
    check(greeting === 'hello', `the variable has arrived (the greeting is ${greeting})`);
    const order = await kube(
      'get',
      `resourcequota/guardrails`,
      `deployment/hello-chart`,
      '-n',
      NAMESPACE,
      '-o',
      'jsonpath={.items[*].metadata.creationTimestamp}',
    );
    const [quota = '', deployment = ''] = order.split(' ');
    check(quota <= deployment, 'the guard rails came before the application');
    return `cluster ${state} and ${health}`;
  });

  await step('a second plan is empty', async () => {
    check((await terraform(['plan', '-detailed-exitcode'], [0, 2])) === 0, 'nothing is left to change');
  });

  const follow = (kind: string, jsonpath: string): ReturnType<typeof watch> =>
    watch(
      kubectl,
      ['-n', NAMESPACE, 'get', kind, 'hello-chart', '--watch', '-o', `jsonpath={${jsonpath}}{"\\n"}`],
      env,
    );

  await step('drift: edit a field with kubectl', async () => {
    const replicas = follow('deployment', '.spec.replicas');
    try {
      await replicas.seen((line) => line === '2');
      const broken = replicas.seen((line) => line === '7');
      const edited = kube('-n', NAMESPACE, 'scale', 'deployment', 'hello-chart', '--replicas=7');
      const from = await broken;
      const healed = await replicas.seen((line) => line === '2');
      await edited;
      return `healed after ${Math.round(healed - from)} ms`;
    } finally {
      await replicas.close();
    }
  });

  await step('drift: delete an object with kubectl', async () => {
    const uid = follow('configmap', '.metadata.uid');
    try {
      let before = '';
      await uid.seen((line) => ((before = line), true));
      const again = uid.seen((line) => line !== before && line !== '');
      const from = performance.now();
      await kube('-n', NAMESPACE, 'delete', 'configmap', 'hello-chart', '--wait=false');
      const healed = await again;
      return `back ${Math.round(Math.max(0, healed - from))} ms after kubectl started`;
    } finally {
      await uid.close();
    }
  });

  await step('change a variable in TypeScript and apply', async () => {
    await edit("greeting: 'hello'", "greeting: 'good morning'");
    await synth();
    const greeting = follow('configmap', '.data.greeting');
    try {
      await greeting.seen((line) => line === 'hello');
      const arrived = greeting.seen((line) => line === 'good morning', 60_000);
      const from = performance.now();
      const applying = terraform(['apply', '-auto-approve']);
      const at = await arrived;
      await applying;
      return `in the cluster ${seconds(at - from)} after terraform apply started`;
    } finally {
      await greeting.close();
    }
  });

  await step('remove a layer: its objects go, foreign objects stay', async () => {
    await kube('-n', NAMESPACE, 'create', 'configmap', 'foreign', '--from-literal=owner=someone-else');
    check(!(await gone('-n', NAMESPACE, 'resourcequota', 'guardrails')), 'the quota is there');
    await edit('guardrails: true', 'guardrails: false');
    await synth();
    await terraform(['apply', '-auto-approve']);
    await until('the quota is pruned', async () =>
      (await gone('-n', NAMESPACE, 'resourcequota', 'guardrails')) ? true : undefined,
    );
    check(!(await gone('-n', NAMESPACE, 'configmap', 'foreign')), 'the foreign object is untouched');
    check(!(await gone('-n', NAMESPACE, 'deployment', 'hello-chart')), 'the other layer is untouched');
  });

  await step('plane stopped, agent killed: drift heals from the last known policy', async () => {
    await cli('service', 'stop', 'plane');
    await cli('service', 'restart', 'agent', '--signal', 'SIGKILL');
    const replicas = follow('deployment', '.spec.replicas');
    try {
      await replicas.seen((line) => line === '2');
      const broken = replicas.seen((line) => line === '9');
      const edited = kube('-n', NAMESPACE, 'scale', 'deployment', 'hello-chart', '--replicas=9');
      const from = await broken;
      const healed = await replicas.seen((line) => line === '2', 60_000);
      await edited;
      return `healed after ${Math.round(healed - from)} ms, agent restart included`;
    } finally {
      await replicas.close();
    }
  });

  await step('plane back: the newest state arrives, nothing is applied twice', async () => {
    await cli('service', 'start', 'plane');
    await until('the plane is ready', async () => {
      const answer = await run(
        process.execPath,
        [palette, 'cluster', 'get', 'local', '--project', 'quickstart', '--home', join(home, 'env')],
        { accept: [0, 1] },
      );
      return answer.exitCode === 0 ? true : undefined;
    });
    const before = await writes();
    await edit("greeting: 'good morning'", "greeting: 'good night'");
    await synth();
    await terraform(['apply', '-auto-approve']);
    const greeting = await kube('-n', NAMESPACE, 'get', 'configmap', 'hello-chart', '-o', 'jsonpath={.data.greeting}');
    check(greeting === 'good night', `the newest state has arrived (the greeting is ${greeting})`);
    const written = (await writes()) - before;
    check(written >= 1 && written <= 2, `only what changed is written (${written} writes)`);
    return `${written} object${written === 1 ? '' : 's'} written for one changed value`;
  });

  await step('terraform destroy: nothing of the profile is left', async () => {
    await terraform(['destroy', '-auto-approve']);
    for (const kind of [
      'deployment',
      'service',
      'configmap',
      'serviceaccount',
      'resourcequota',
      'namespace',
      'secret',
    ]) {
      const left = await kube('get', kind, '--all-namespaces', '-l', 'applyset.kubernetes.io/part-of', '-o', 'name');
      check(left === '', `no ${kind} of the profile is left (there is ${left})`);
    }
    await until('the agent has given up its registration', async () =>
      (await gone('-n', 'palette-system', 'secret', 'palette-agent-credentials')) ? true : undefined,
    );
    return 'cluster clean, registration revoked';
  });

  check(kubeconfig !== '', 'the environment names its kubeconfig');
}

let failure: Error | undefined;
try {
  await story();
} catch (error) {
  failure = error instanceof Error ? error : new Error('something that is no error was thrown', { cause: error });
}
await down();
if (failure === undefined) {
  process.stdout.write(
    `\n${table([['step', 'took', 'what came of it'], ...rows, ['in all', seconds(performance.now() - started), '']])}\n`,
  );
  await rm(home, { recursive: true, force: true });
} else {
  process.stderr.write(`\nquickstart failed: ${failure.message}\n`);
  process.stderr.write(`Logs are in ${join(home, 'env')}. Run it again with: npm run quickstart\n`);
  process.exitCode = 1;
}
