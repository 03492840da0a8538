/** `palette agent run | metrics` */
import { type Command, Option } from 'commander';

import { addAgentReleaseCommands } from './agent-release.ts';
import { type HomeOptions, examples, homeOption } from './options.ts';

export interface AgentRunOptions {
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly helm?: string;
  readonly stateDir?: string;
  readonly metrics?: string;
  readonly planeCaFile?: string;
  readonly etcd?: string;
  readonly etcdCaFile?: string;
  readonly etcdCertFile?: string;
  readonly etcdKeyFile?: string;
  readonly local?: string;
  readonly localConfig?: string;
  readonly upgradesDir?: string;
  readonly releaseKeyFile?: string;
  /** `name=image` each. */
  readonly image?: readonly string[];
  readonly pinnedImages?: true;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Set by a launcher for the agents that it starts. */
const LAUNCHED_VARIABLE = 'PALETTE_AGENT_LAUNCHED';

/** Whether this process is to be a launcher, rather than an agent that one started. */
function isLauncher({ upgradesDir }: AgentRunOptions): boolean {
  return upgradesDir !== undefined && process.env[LAUNCHED_VARIABLE] === undefined;
}

export function addAgentCommands(program: Command): void {
  const agent = program
    .command('agent')
    .summary('run the agent of a cluster')
    .description('The agent: keeps one cluster at the desired state of its management plane.');
  examples(
    agent
      .command('run')
      .description(
        'Runs the agent until SIGTERM. Inside a cluster it needs no option; it waits for the Secret that the import ' +
          'manifest brings, registers once, and from then on enforces what the plane wants.',
      )
      .option('--kubeconfig <file>', 'the cluster to keep (default: the one it runs in)')
      .option('--namespace <name>', 'where its own Secrets are', 'palette-system')
      .option('--helm <file>', 'the helm executable (default: found, or built)')
      .option('--state-dir <dir>', 'for files while it renders (default: a temporary folder)')
      .addOption(
        new Option(
          '--metrics <host:port>',
          'where /metrics and /healthz are (default: 0.0.0.0:9090 in a cluster, else 127.0.0.1 and any port)',
        ).env('PALETTE_AGENT_METRICS'),
      )
      .option(
        '--plane-ca-file <file>',
        "PEM file with the plane's authority, instead of the one in the import manifest",
      )
      .option('--etcd <url>', 'where etcd is, for snapshots of it (default: out of reach)')
      .option('--etcd-ca-file <file>', "PEM file with etcd's authority")
      .option('--etcd-cert-file <file>', 'PEM file with the certificate that etcd knows the agent by')
      .option('--etcd-key-file <file>', 'PEM file with its key')
      .addOption(
        new Option(
          '--local <host:port>',
          'where the local API and its page are, or `off` (default: 127.0.0.1:5080 in a cluster, else off)',
        ).env('PALETTE_AGENT_LOCAL'),
      )
      .addOption(
        new Option('--local-config <file>', 'YAML file with further settings of the local API').env(
          'PALETTE_AGENT_LOCAL_CONFIG',
        ),
      )
      .option(
        '--upgrades-dir <dir>',
        'let the agent replace itself by releases, which are kept here; a small launcher goes on running beside it',
      )
      .addOption(
        new Option(
          '--release-key-file <file>',
          'PEM file with the keys that sign releases of the agent, instead of those that the plane names',
        ).env('PALETTE_AGENT_RELEASE_KEY_FILE'),
      )
      .addOption(
        new Option(
          '--image <name=image>',
          'another image for a tool that day-2 actions run, for example kubeBench=...; may be repeated',
        )
          .env('PALETTE_AGENT_IMAGES')
          .argParser(collectImages),
      )
      .addOption(
        new Option('--pinned-images', 'day-2 actions run only images that are named by digest').env(
          'PALETTE_AGENT_PINNED_IMAGES',
        ),
      )
      .addOption(
        new Option('--log-level <level>', 'how much it says')
          .choices(['debug', 'info', 'warn', 'error'])
          .default('info')
          .env('PALETTE_AGENT_LOG_LEVEL'),
      )
      .action(async (options: AgentRunOptions) => {
        // Small on purpose: it stays while the agent is replaced.
        if (isLauncher(options)) {
          const { launchAgent } = await import('./agent-launch.ts');
          await launchAgent(options);
          return;
        }
        const { runAgentCommand } = await import('./agent-run.ts');
        await runAgentCommand(options);
      }),
    ['palette agent run', 'palette agent run --kubeconfig ~/.kube/config'],
  );
  examples(
    agent
      .command('metrics')
      .description("Prints the metrics of the environment's agent, in Prometheus' text format.")
      .addOption(homeOption())
      .action(async (options: HomeOptions) => {
        const { printAgentMetrics } = await import('./agent-metrics.ts');
        await printAgentMetrics(options);
      }),
    ['palette agent metrics'],
  );
  addAgentReleaseCommands(agent);
}

/** The variable holds several, joined by commas. */
function collectImages(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').filter((part) => part !== '')];
}
