/** `palette local …`: one cluster through its agent's local API. */
import type { Command } from 'commander';

import { type HomeOptions, type OutputOptions, examples, homeOption, outputOption } from './options.ts';

export interface LocalOptions extends HomeOptions {
  readonly url?: string;
}

export interface LoginOptions extends LocalOptions {
  readonly user: string;
  readonly passwordStdin?: true;
  readonly extended?: true;
  readonly fingerprint?: string;
  readonly caFile?: string;
}

export interface PasswdOptions extends LocalOptions {
  readonly passwordStdin?: true;
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly user: string;
}

export function addLocalCommands(program: Command): void {
  const local = program
    .command('local')
    .summary("one cluster, by its agent's local API")
    .description('What people at one cluster see and do, also when no plane is in reach: the local API of its agent.');
  const withWhere = (command: Command): Command =>
    command
      .addOption(homeOption())
      .option(
        '--url <url>',
        "the agent's local API (default: $PALETTE_LOCAL_URL, else the environment's, else https://localhost:5080)",
      );

  examples(
    withWhere(local.command('login').description('Signs in, and keeps the session for the other commands.'))
      .option('-u, --user <name>', 'who signs in', 'admin')
      .option('--password-stdin', 'read the password from standard input')
      .option('--extended', 'stay signed in for 24 hours instead of 2')
      .option('--fingerprint <sha256>', 'of the certificate, as the agent logs it; needed but on this machine')
      .option('--ca-file <file>', 'PEM file with the authority of the certificate, where it is not its own')
      .action(async (options: LoginOptions) => (await import('./local-session.ts')).login(options)),
    ['palette local login', 'palette local login --url https://10.0.0.7:5080 --fingerprint AB:CD:…'],
  );
  examples(
    withWhere(local.command('logout').description('Ends the session.')).action(async (options: LocalOptions) =>
      (await import('./local-session.ts')).logout(options),
    ),
    ['palette local logout'],
  );
  examples(
    withWhere(
      local
        .command('passwd')
        .description('Changes the password; with a kubeconfig that of any user, without knowing the old one.'),
    )
      .option(
        '--password-stdin',
        'read the old and the new password from standard input, one a line (with --kubeconfig the new one)',
      )
      .option('--kubeconfig <file>', 'reset it in the cluster itself, for who may write Secrets there')
      .option('--namespace <name>', "the agent's, with --kubeconfig", 'palette-system')
      .option('-u, --user <name>', 'whose, with --kubeconfig', 'admin')
      .action(async (options: PasswdOptions) => (await import('./local-session.ts')).passwd(options)),
    ['palette local passwd', 'palette local passwd --kubeconfig ~/.kube/config --user admin'],
  );
  addReading(local, withWhere);
  addDoing(local, withWhere);
}

type WithWhere = (command: Command) => Command;

function addReading(local: Command, withWhere: WithWhere): void {
  const reading = (name: string, description: string): Command =>
    withWhere(local.command(name).description(description)).addOption(outputOption());
  examples(
    reading('status', 'Shows the cluster at a glance.').action(async (options: LocalOptions & OutputOptions) =>
      (await import('./local-read.ts')).status(options),
    ),
    ['palette local status'],
    ['0 healthy', '1 not healthy, or failed', '2 wrong use'],
  );
  examples(
    reading('packs', 'Lists packs and how they are.').action(async (options: LocalOptions & OutputOptions) =>
      (await import('./local-read.ts')).packs(options),
    ),
    ['palette local packs'],
  );
  examples(
    reading('nodes', 'Lists nodes.').action(async (options: LocalOptions & OutputOptions) =>
      (await import('./local-read.ts')).nodes(options),
    ),
    ['palette local nodes'],
  );
  examples(
    reading('drift', 'Lists changes from outside, the newest first, with what was changed.')
      .option('--limit <count>', 'at most so many', '20')
      .action(async (options: LocalOptions & OutputOptions & { limit: string }) =>
        (await import('./local-read.ts')).drift(options),
      ),
    ['palette local drift --output json'],
  );
  examples(
    reading('actions', 'Lists day-2 actions: those under way, and those that ended of late.')
      .option('--limit <count>', 'at most so many', '20')
      .action(async (options: LocalOptions & OutputOptions & { limit: string }) =>
        (await import('./local-read.ts')).actions(options),
      ),
    ['palette local actions'],
  );
  examples(
    reading('events', 'Lists what happened, the newest first.')
      .option('--limit <count>', 'at most so many', '20')
      .option('-f, --follow', 'go on with what happens, until interrupted')
      .action(async (options: LocalOptions & OutputOptions & { limit: string; follow?: true }) =>
        (await import('./local-read.ts')).events(options),
      ),
    ['palette local events', 'palette local events --follow'],
  );
  examples(
    reading('logs', "Lists the newest warnings and errors of the agent's log.")
      .option('--limit <count>', 'at most so many', '50')
      .action(async (options: LocalOptions & OutputOptions & { limit: string }) =>
        (await import('./local-read.ts')).logs(options),
      ),
    ['palette local logs'],
  );
  examples(
    reading('audit', 'Lists who did what, the newest first.')
      .option('--limit <count>', 'at most so many', '50')
      .option('--out <file>', 'write the whole log to a file instead, as it is (RFC 5424)')
      .action(async (options: LocalOptions & OutputOptions & { limit: string; out?: string }) =>
        (await import('./local-read.ts')).audit(options),
      ),
    ['palette local audit', 'palette local audit --out audit.log'],
  );
}

function addDoing(local: Command, withWhere: WithWhere): void {
  examples(
    withWhere(
      local.command('diagnostics').description('Makes a diagnostics bundle and downloads it. Secrets are taken out.'),
    )
      .option('--out <file>', 'where to write it (default: as the agent names it, here)')
      .action(async (options: LocalOptions & { out?: string }) =>
        (await import('./local-act.ts')).diagnostics(options),
      ),
    ['palette local diagnostics', 'palette local diagnostics --out diagnostics.tgz'],
  );
  examples(
    withWhere(local.command('upload <bundle>').description("Brings a signed bundle with the cluster's desired state."))
      .addOption(outputOption())
      .action(async (bundle: string, options: LocalOptions & OutputOptions) =>
        (await import('./local-act.ts')).upload(bundle, options),
      ),
    ['palette local upload shop.bundle'],
    ['0 taken', '1 refused, or failed', '2 wrong use'],
  );
  examples(
    withWhere(local.command('resync').description('Compares every object with the desired state now.')).action(
      async (options: LocalOptions) => (await import('./local-act.ts')).resync(options),
    ),
    ['palette local resync'],
  );
  examples(
    withWhere(
      local
        .command('variables [assignments...]')
        .description(
          'Lists variables that the desired state leaves to people at the cluster, or sets some: NAME=VALUE.',
        ),
    )
      .addOption(outputOption())
      .option('--unset <name>', "back to the plane's value; may be repeated", collect)
      .action(
        async (assignments: readonly string[], options: LocalOptions & OutputOptions & { unset?: readonly string[] }) =>
          (await import('./local-act.ts')).variables(assignments, options),
      ),
    [
      'palette local variables',
      'palette local variables size=large greeting="good day"',
      'palette local variables --unset size',
    ],
  );
  const user = local.command('user').description('Who may sign in.');
  examples(
    withWhere(user.command('list').description('Lists users.'))
      .addOption(outputOption())
      .action(async (options: LocalOptions & OutputOptions) => (await import('./local-act.ts')).listUsers(options)),
    ['palette local user list'],
  );
  examples(
    withWhere(user.command('add <name>').description('Adds a user, who changes the password at the first session.'))
      .option('--admin', 'one who may change things; others look only')
      .option('--password-stdin', 'read the first password from standard input')
      .action(async (name: string, options: LocalOptions & { admin?: true; passwordStdin?: true }) =>
        (await import('./local-act.ts')).addUser(name, options),
      ),
    ['palette local user add night-shift', 'palette local user add second --admin'],
  );
  examples(
    withWhere(user.command('remove <name>').description('Removes a user; sessions of that user end at once.')).action(
      async (name: string, options: LocalOptions) => (await import('./local-act.ts')).removeUser(name, options),
    ),
    ['palette local user remove night-shift'],
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
