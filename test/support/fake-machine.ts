/** A machine for scripts: its commands are the test's, and only note how they were called unless they are told to do more. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What every system has, as it is here. */
const EVERYWHERE = ['cat', 'cut', 'grep', 'head', 'sh'];

export interface Ran {
  readonly exitCode: number;
  /** What the script wrote to file descriptor 3. */
  readonly said: string;
  readonly errors: string;
  readonly calls: readonly string[];
}

export interface FakeMachine {
  readonly root: string;
  /** A command that notes how it was called, and then does this. */
  command(name: string, body?: string): Promise<void>;
  /** A command that exits as given, in the order of calls; with the last of them from then on. */
  exits(name: string, codes: readonly number[], before?: string): Promise<void>;
  /** Runs a script; files that it asks for by `[ ! -f` are looked for in the machine's root. */
  execute(script: string): Promise<Ran>;
  remove(): Promise<void>;
}

export async function startFakeMachine(): Promise<FakeMachine> {
  const root = await mkdtemp(join(tmpdir(), 'palette-machine-'));
  const bin = join(root, 'bin');
  const log = join(root, 'calls');
  for (const folder of ['bin', 'run', 'var/run']) await mkdir(join(root, folder), { recursive: true });
  for (const name of EVERYWHERE) {
    const { stdout } = await run('sh', ['-c', `command -v ${name}`]);
    await symlink(stdout.trim(), join(bin, name));
  }
  const command = async (name: string, body = ''): Promise<void> => {
    const file = join(bin, name);
    await writeFile(file, `#!/bin/sh\necho "${name} $*" >> "${log}"\n${body}\n`);
    await chmod(file, 0o755);
  };
  return {
    root,
    command,
    exits: async (name, codes, before = '') => {
      const count = join(root, `${name}.count`);
      const cases = codes.map((code, at) => `${at}) exit ${code} ;;`).join(' ');
      await command(
        name,
        `${before}\nn=$(cat "${count}" 2>/dev/null || echo 0)\necho $((n + 1)) > "${count}"\ncase $n in ${cases} *) exit ${codes.at(-1)} ;; esac`,
      );
    },
    execute: async (script) => {
      const said = join(root, 'said');
      await Promise.all([writeFile(said, ''), writeFile(log, '')]);
      const there = script.replaceAll(/(?<=\[ ! -f )\//g, `${root}/`);
      const { exitCode, errors } = await run(join(bin, 'sh'), ['-c', `exec 3>"${said}"\n${there}`], {
        env: { PATH: bin },
      }).then(
        ({ stderr }) => ({ exitCode: 0, errors: stderr }),
        (error: unknown) => {
          const { code, stderr } = error as { code: number; stderr: string }; // as Node's execFile fails
          return { exitCode: code, errors: stderr };
        },
      );
      const calls = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
      return { exitCode, errors, said: (await readFile(said, 'utf8')).trim(), calls: calls.map((one) => one.trim()) };
    },
    remove: async () => rm(root, { recursive: true, force: true }),
  };
}
