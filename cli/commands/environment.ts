/** `palette up | down | env | service`: the embedded environment. */
import { type Command, Option } from 'commander';

import type { MailOptions } from '../local/mail-server.ts';
import { type HomeOptions, type OutputOptions, examples, homeOption, outputOption } from './options.ts';

export function addEnvironmentCommands(program: Command): void {
  examples(
    program
      .command('up')
      .summary('start the environment on this machine and keep it running')
      .description(
        'Starts the whole environment on this machine, on real parts: management plane, message bus, a Kubernetes ' +
          'control plane with a node, and one agent. Stays in the foreground until Ctrl-C. State is kept; the next `up` ' +
          'goes on where this one was. Servers that are missing are built once into a cache (see `palette tools`). ' +
          'The first cluster that you import is joined to the Kubernetes that is started here.',
      )
      .addOption(homeOption())
      .option('--kubeconfig <file>', 'use the cluster of this kubeconfig instead of starting one')
      .option(
        '--json',
        'print one line of JSON when ready: host, apiKey, caFile, projectName, kubeconfig, natsUrl, pid',
      )
      .option('--detach', 'go on in the background once it is ready')
      .option('--smtp <url>', 'mail server for alerts: smtps://, smtp:// (STARTTLS) or smtp+plain://[USER@]HOST[:PORT]')
      .option('--smtp-password-file <file>', 'file with the password of the user in --smtp')
      .option('--smtp-ca-file <file>', 'PEM file with the authority of the mail server')
      .option('--smtp-from <address>', 'sender of the mail (default: Palette <palette@localhost>)')
      .action(async (options: HomeOptions & MailOptions & { kubeconfig?: string; json?: true; detach?: true }) => {
        const { up } = await import('../local/up.ts');
        await up(options);
      }),
    [
      'palette up',
      'palette up --detach && eval "$(palette env)"',
      'palette up --kubeconfig ~/.kube/config',
      'palette up --smtp smtp+plain://localhost:1025',
      'palette up --home /tmp/second --json',
    ],
  );

  examples(
    program
      .command('down')
      .summary('stop the environment; its state is kept')
      .description(
        'Stops the environment and waits until it has stopped. What it holds is kept for the next `palette up`.',
      )
      .addOption(homeOption())
      .action(async (options: HomeOptions) => {
        const { down } = await import('../local/up.ts');
        process.stderr.write((await down(options)) ? 'stopped\n' : 'nothing runs\n');
      }),
    ['palette down'],
    ['0 stopped, or nothing ran', '1 it did not stop', '2 wrong use'],
  );

  examples(
    program
      .command('env')
      .summary('print what a shell needs to use the environment')
      .description(
        'Prints lines that set, in a POSIX shell, what Terraform, kubectl and palette need to use the environment: ' +
          'SPECTROCLOUD_HOST, SPECTROCLOUD_APIKEY, SPECTROCLOUD_CA_FILE, KUBECONFIG, TF_CLI_CONFIG_FILE, PALETTE_HOME. ' +
          'They contain the API key of the environment: do not keep them in a log.',
      )
      .addOption(homeOption())
      .addOption(
        new Option('-o, --output <format>', 'how they are printed').choices(['shell', 'json']).default('shell'),
      )
      .action(async (options: HomeOptions & { output: 'shell' | 'json' }) => {
        const { printEnvironment } = await import('./environment-variables.ts');
        await printEnvironment(options);
      }),
    ['eval "$(palette env)"', 'palette env --output json'],
  );

  addServiceCommands(program);
}

function addServiceCommands(program: Command): void {
  const service = program
    .command('service')
    .summary('look at the servers of the environment, stop and start them')
    .description(
      'Looks at the servers of a running environment, and stops and starts single ones: for trying out faults.',
    );
  service
    .command('list')
    .description('Lists the servers, their state and process.')
    .addOption(homeOption())
    .addOption(outputOption())
    .action(async (options: HomeOptions & OutputOptions) => {
      const { listServices } = await import('./services.ts');
      await listServices(options);
    });
  for (const action of ['start', 'stop'] as const) {
    service
      .command(`${action} <name>`)
      .description(
        action === 'start'
          ? 'Starts a server that was stopped, and waits until it is ready.'
          : 'Stops a server, and leaves it stopped.',
      )
      .addOption(homeOption())
      .action(async (name: string, options: HomeOptions) => {
        const { actOnService } = await import('./services.ts');
        await actOnService(name, { action }, options);
      });
  }
  service
    .command('restart <name>')
    .description('Ends a server and waits until it is ready again; with SIGKILL as a crash would end it.')
    .addOption(homeOption())
    .addOption(new Option('--signal <signal>', 'what ends it').choices(['SIGTERM', 'SIGKILL']).default('SIGTERM'))
    .action(async (name: string, options: HomeOptions & { signal: 'SIGTERM' | 'SIGKILL' }) => {
      const { actOnService } = await import('./services.ts');
      await actOnService(name, { action: 'restart', signal: options.signal }, options);
    });
  service
    .command('kill <name>')
    .description('Sends a signal to a server and does nothing else: SIGSTOP makes it hang, SIGCONT go on.')
    .addOption(homeOption())
    .addOption(
      new Option('--signal <signal>', 'which one')
        .choices(['SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT', 'SIGINT'])
        .default('SIGKILL'),
    )
    .action(
      async (
        name: string,
        options: HomeOptions & { signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGINT' },
      ) => {
        const { actOnService } = await import('./services.ts');
        await actOnService(name, { action: 'kill', signal: options.signal }, options);
      },
    );
  examples(service, [
    'palette service list',
    'palette service stop plane',
    'palette service restart agent --signal SIGKILL',
  ]);
}
