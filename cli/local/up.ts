/** `palette up`: one environment per folder, in the foreground until it is told to end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { CliError, exitCodes } from '#cli/cli-error';
import { lockHolder, tryLock } from '#cli/file-lock';
import { write } from '#cli/output';
import { mainFile } from '#cli/package-root';
import { type Progress, createProgress, paint } from '#cli/progress';
import { installProvider } from '#cli/provider/install';
import { untilTold } from '#cli/until-told';
import { type Logger, createLogger } from '#core/log';
import { delay } from '#core/retry';

import { serveControl } from './control.ts';
import { type Environment, startEnvironment } from './environment.ts';
import { type Home, type Ready, home, readReady } from './home.ts';
import { endLeftovers, recordProcesses } from './leftovers.ts';
import { mailArguments, mailServerOf, type MailOptions } from './mail-server.ts';
import { rotateLogs } from './log-rotation.ts';

export interface UpOptions extends MailOptions {
  readonly home?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly json?: boolean | undefined;
  readonly detach?: boolean | undefined;
}

const DOWN_WITHIN_MS = 90_000;
const POLL_MS = 100;

/** Starts the environment and keeps it until SIGINT or SIGTERM. @throws CliError when it cannot start, or one runs already. */
export async function up(options: UpOptions): Promise<void> {
  const layout = home(options.home);
  if (options.detach) return startDetached(layout, options);
  const kubeconfig = options.kubeconfig === undefined ? undefined : await usersKubeconfig(options.kubeconfig);
  const mail = await mailServerOf(options);
  await mkdir(layout.logs, { recursive: true, mode: 0o700 });
  const held = await tryLock(layout.lockFile);
  if (held.kind === 'held') throw alreadyRunning(layout, held.pid);
  const ending = untilTold();
  const progress = createProgress();
  const log = tellingLogger(layout, progress);
  const record = recordProcesses(layout.processesFile, log);
  const finished = new AbortController();
  // Waiting for a signal or for a child's end alone does not keep Node.js from ending.
  const alive = setInterval(() => undefined, 60_000);
  let environment: Environment | undefined;
  try {
    const terraform = await installProvider({ dir: layout.terraform });
    await endLeftovers(layout.processesFile, { log, signal: ending.signal });
    environment = await startEnvironment({
      layout,
      kubeconfig,
      mail,
      progress,
      log,
      signal: ending.signal,
      onChange: (services) =>
        record.update(
          Object.fromEntries(
            services.flatMap((service) => {
              const pid = service.pid();
              return pid === undefined ? [] : [[service.name, pid] as const];
            }),
          ),
        ),
    });
    const { services } = environment;
    await serveControl(layout.socket, services, { signal: finished.signal });
    rotateLogs([layout.logs, join(layout.cluster, 'logs'), join(layout.nats, 'logs')], { signal: finished.signal });
    write(options.json ? JSON.stringify(environment.ready) : banner(layout, environment.ready, terraform.note));
    await once(ending.signal, 'abort');
    if (!options.json) process.stderr.write('stopping\n');
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    finished.abort();
    await environment?.stop();
    await record.close();
    await held.lock.release();
    clearInterval(alive);
    ending.forget();
  }
}

/** Ends a running environment and waits until it has ended. Gives false when none ran. */
export async function down(options: { readonly home?: string | undefined }): Promise<boolean> {
  const layout = home(options.home);
  const pid = await lockHolder(layout.lockFile);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + DOWN_WITHIN_MS;
  while ((await lockHolder(layout.lockFile)) === pid) {
    if (Date.now() > deadline) {
      throw new CliError(`process ${pid} (palette up) has not ended within ${DOWN_WITHIN_MS / 1000} s`, {
        hint: `Its log is ${join(layout.logs, 'palette-up.log')}; kill -9 ${pid} ends it and its servers.`,
      });
    }
    await delay(POLL_MS);
  }
  return true;
}

/** Writes everything into the log of `palette up`, and says to the user at once what went wrong with a service. */
function tellingLogger(layout: Home, progress: Progress): Logger {
  const log = createLogger({ name: 'palette-up', fd: openSync(join(layout.logs, 'palette-up.log'), 'a', 0o600) });
  const tell = (fields: object, message: string): void => {
    const service = 'service' in fields && typeof fields.service === 'string' ? `${fields.service}: ` : '';
    const exit = 'exit' in fields && typeof fields.exit === 'string' ? ` (${fields.exit})` : '';
    progress.note(`${service}${message}${exit}`);
  };
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => {
      log.info(fields, message);
      if ('service' in fields) tell(fields, message);
    },
    warn: (fields, message) => {
      log.warn(fields, message);
      tell(fields, message);
    },
    error: (fields, message) => {
      log.error(fields, message);
      tell(fields, message);
    },
    child: (fields) => log.child(fields),
  };
}

function alreadyRunning(layout: Home, pid: number): CliError {
  return new CliError(`an environment runs already in ${layout.dir} (process ${pid})`, {
    hint: 'Use it by `eval "$(palette env)"`, end it by `palette down`, or start another one with --home.',
  });
}

async function usersKubeconfig(file: string): Promise<string> {
  const path = resolve(file);
  await access(path).catch((cause: unknown) => {
    throw new CliError(`there is no kubeconfig ${path}`, { cause, exitCode: exitCodes.usage });
  });
  return path;
}

/** The same command in the background, its progress in a log that is shown until it is ready. */
async function startDetached(layout: Home, options: UpOptions): Promise<void> {
  const holder = await lockHolder(layout.lockFile);
  if (holder !== undefined) throw alreadyRunning(layout, holder);
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  const logFile = join(layout.logs, 'start.log');
  const log = openSync(logFile, 'w', 0o600);
  const kubeconfig =
    options.kubeconfig === undefined ? [] : ['--kubeconfig', await usersKubeconfig(options.kubeconfig)];
  await mailServerOf(options);
  const args = ['up', '--json', '--home', layout.dir, ...kubeconfig, ...mailArguments(options)];
  const child = spawn(process.execPath, [mainFile, ...args], { detached: true, stdio: ['ignore', 'ignore', log] });
  let ended = false;
  child.once('exit', () => (ended = true));
  let shown = 0;
  for (;;) {
    const text = await readFile(logFile, 'utf8');
    process.stderr.write(text.slice(shown));
    shown = text.length;
    if (ended)
      throw new CliError('the environment could not be started', { hint: `What it said is above and in ${logFile}.` });
    const ready = await readReady(layout);
    if (ready !== undefined && ready.pid === child.pid) {
      child.unref();
      write(options.json ? JSON.stringify(ready) : banner(layout, ready));
      return;
    }
    await delay(POLL_MS);
  }
}

function banner(layout: Home, ready: Ready, note?: string): string {
  const suffix =
    process.env['PALETTE_HOME'] === layout.dir || layout.dir === home(undefined).dir ? '' : ` --home ${layout.dir}`;
  return [
    '',
    paint('bold', 'The environment is ready.'),
    '',
    `  API          https://${ready.host}  (project ${ready.projectName})`,
    `  Kubernetes   ${ready.kubeconfig}`,
    `  message bus  ${ready.natsUrl}`,
    `  state, logs  ${layout.dir}`,
    '',
    'In another shell:',
    '',
    `  eval "$(palette env${suffix})"      API, kubeconfig and Terraform's configuration, for this shell`,
    '  palette pack push DIR          a pack for your profiles',
    '  terraform init && terraform apply',
    '  palette cluster list',
    '',
    `Ctrl-C or \`palette down${suffix}\` stops it; the next \`palette up${suffix}\` goes on where it was.`,
    ...(note === undefined ? [] : ['', note]),
  ].join('\n');
}
