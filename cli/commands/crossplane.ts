/** `palette crossplane controller | function | migrate` */
import { type Command, Option } from 'commander';

import { examples } from './options.ts';

interface ServerOptions {
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export interface ControllerOptions extends ServerOptions {
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly workers: string;
  readonly pollInterval: string;
  readonly resyncInterval: string;
  readonly drain: string;
  readonly leaderElection: boolean;
  readonly leaseName: string;
  readonly metrics?: string;
}

export interface FunctionOptions extends ServerOptions {
  readonly address?: string;
  readonly tlsServerCertsDir?: string;
  readonly insecure?: true;
  readonly metrics?: string;
  readonly drain: string;
}

export interface MigrateCommandOptions {
  readonly output: 'yaml' | 'json';
  readonly out?: string;
  readonly project?: string;
  readonly create?: true;
  readonly observe?: true;
}

export function addCrossplaneCommands(program: Command): void {
  const crossplane = program
    .command('crossplane')
    .summary('run the parts for Crossplane; move over from provider-palette')
    .description(
      'Palette in Kubernetes manifests: managed resources, with or without Crossplane, and composites with Crossplane.',
    );
  addController(crossplane);
  addFunction(crossplane);
  addMigrate(crossplane);
}

function addController(crossplane: Command): void {
  examples(
    crossplane
      .command('controller')
      .summary('run the controller of the managed resources')
      .description(
        'Runs the controller of the managed resources until SIGTERM. Inside a cluster it needs no option. Several may ' +
          'run: one of them works, another takes over when it ends.',
      )
      .option('--kubeconfig <file>', 'the cluster with the managed resources (default: the one it runs in)')
      .addOption(
        new Option('--namespace <name>', "where the controller's own objects are")
          .env('POD_NAMESPACE')
          .default('palette-system'),
      )
      .option('--workers <count>', 'how many managed resources are worked on at one time', '10')
      .option(
        '--poll-interval <duration>',
        'between two looks at a managed resource, where the API tells of no changes; an annotation ' +
          'crossplane.io/poll-interval on the object comes first',
        '1m',
      )
      .option('--resync-interval <duration>', 'the same, where the API tells of changes', '10h')
      .option('--drain <duration>', 'how long work that has begun may go on after SIGTERM', '25s')
      .option('--no-leader-election', 'work at once: only where no other controller runs for this cluster')
      .option('--lease-name <name>', 'name of the Lease by which controllers elect one', 'palette-controller')
      .option(
        '--metrics <host:port>',
        'where /metrics, /healthz and /readyz are (default: 0.0.0.0:9090 in a cluster, else 127.0.0.1 and any port)',
      )
      .option('--log-level <level>', 'debug, info, warn or error', 'info')
      .action(async (options: ControllerOptions) => {
        const { runControllerCommand } = await import('./crossplane-controller.ts');
        await runControllerCommand(options);
      }),
    ['palette crossplane controller', 'palette crossplane controller --kubeconfig ~/.kube/config --poll-interval 30s'],
  );
}

function addFunction(crossplane: Command): void {
  examples(
    crossplane
      .command('function')
      .summary('run the composition function')
      .description('Runs the composition function until SIGTERM: a gRPC server that Crossplane calls.')
      .option('--address <host:port>', 'where it is called (default: 0.0.0.0:9443; with --insecure 127.0.0.1:9443)')
      .addOption(
        new Option(
          '--tls-server-certs-dir <dir>',
          'folder with tls.crt, tls.key and ca.crt, as Crossplane mounts it',
        ).env('TLS_SERVER_CERTS_DIR'),
      )
      .option('--insecure', 'without TLS: for `crossplane render` on this machine')
      .option(
        '--metrics <host:port>',
        'where /metrics, /healthz and /readyz are (default: 0.0.0.0:9090; with --insecure 127.0.0.1 and any port)',
      )
      .option('--drain <duration>', 'how long calls that have begun may go on after SIGTERM', '20s')
      .option('--log-level <level>', 'debug, info, warn or error', 'info')
      .action(async (options: FunctionOptions) => {
        const { runFunctionCommand } = await import('./crossplane-function.ts');
        await runFunctionCommand(options);
      }),
    ['palette crossplane function --tls-server-certs-dir /tls/server', 'palette crossplane function --insecure'],
  );
}

function addMigrate(crossplane: Command): void {
  examples(
    crossplane
      .command('migrate <files...>')
      .summary('rewrite manifests of provider-palette')
      .description(
        'Rewrites manifests of provider-palette (any version) so that what they stand for is taken over, and never ' +
          'created again or deleted. Prints the manifests, and on standard error what could not be carried over, with ' +
          'file, line and path. Takes files, folders, and - for standard input; needs no cluster. Best given what the ' +
          'cluster holds (`kubectl get -o yaml`), which names each object in Palette, and the Secrets of the provider ' +
          'configurations. What is printed then holds API keys.',
      )
      .addOption(
        new Option('-o, --output <format>', 'manifests as YAML, or manifests and findings as JSON')
          .choices(['yaml', 'json'])
          .default('yaml'),
      )
      .option('--out <file>', 'write the manifests into this file, for its owner alone, instead of printing them')
      .option('--observe', 'managementPolicies: ["Observe"], to see first that everything is found')
      .option('--create', 'objects that are named nowhere are created, instead of taken over by their name')
      .option(
        '--project <name>',
        'project of provider configurations whose Secret is not among the files ("": the tenant alone)',
      )
      .action(async (files: string[], options: MigrateCommandOptions) => {
        const { migrateCommand } = await import('./crossplane-migrate.ts');
        await migrateCommand(files, options);
      }),
    [
      'palette crossplane migrate manifests/ --out migrated.yaml',
      'kubectl get managed,providerconfigs.palette.crossplane.io -o yaml | palette crossplane migrate - --project Default',
      'palette crossplane migrate live.yaml --observe | kubectl apply -f -',
    ],
    ['0 everything was carried over', '1 something was not, or needs your hand', '2 wrong use'],
  );
}
