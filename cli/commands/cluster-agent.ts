/** `palette cluster agent show | upgrade | use | pause | resume | revoke | manifest`, and `palette cluster logs` */
import type { Command } from 'commander';

import type { ClusterOptions, ClusterUseOptions, LogsOptions, UpgradeOptions } from './cluster-agent-act.ts';
import { examples, outputOption, withApiOptions } from './options.ts';

const PROJECT = '--project <name>';
const THE_PROJECT = 'the project it is in';

export function addClusterAgentCommands(cluster: Command): void {
  const agent = cluster
    .command('agent')
    .summary('the agent of a cluster: its version, its access')
    .description(
      'Which version of the agent a cluster has, which one it is to have, and whether it may speak to the plane.',
    );
  examples(
    withApiOptions(
      agent
        .command('show <cluster>')
        .description('Shows the version that the agent runs, the one it is to run, and whether upgrades are paused.')
        .option(PROJECT, THE_PROJECT)
        .addOption(outputOption()),
    ).action(async (name: string, options: ClusterOptions) => {
      const { showAgent } = await import('./cluster-agent-act.ts');
      await showAgent(name, options);
    }),
    ['palette cluster agent show edge-1'],
  );
  examples(
    withApiOptions(
      agent
        .command('upgrade <cluster>')
        .description(
          'Asks the agent to replace itself by a release, and waits for the outcome. An agent that does not come to work ' +
            'in the new version is gone back from.',
        )
        .requiredOption('--to <version>', 'a release that was published')
        .option('--no-wait', 'ask, and do not wait')
        .option('--timeout <seconds>', 'how long to wait', '900')
        .option(PROJECT, THE_PROJECT)
        .addOption(outputOption()),
    ).action(async (name: string, options: UpgradeOptions) => {
      const { upgradeAgent } = await import('./cluster-agent-act.ts');
      await upgradeAgent(name, options);
    }),
    ['palette cluster agent upgrade edge-1 --to 1.2.0'],
    ['0 it runs the release', '1 it does not', '2 wrong use'],
  );
  examples(
    withApiOptions(
      agent
        .command('use <cluster> [version]')
        .description("Chooses the release that one cluster's agent runs, over that of the tenant.")
        .option('--none', "follow the tenant's choice")
        .option(PROJECT, THE_PROJECT),
    ).action(async (name: string, version: string | undefined, options: ClusterUseOptions) => {
      const { useForCluster } = await import('./cluster-agent-act.ts');
      await useForCluster(name, version, options);
    }),
    ['palette cluster agent use edge-1 1.2.0', 'palette cluster agent use edge-1 --none'],
  );
  for (const verb of ['pause', 'resume'] as const) {
    examples(
      withApiOptions(
        agent
          .command(`${verb} <cluster>`)
          .description(verb === 'pause' ? 'Lets the agent stay as it is.' : 'Lets the agent be upgraded again.')
          .option(PROJECT, THE_PROJECT),
      ).action(async (name: string, options: ClusterOptions) => {
        const { setPaused } = await import('./cluster-agent-act.ts');
        await setPaused(name, verb === 'pause', options);
      }),
      [`palette cluster agent ${verb} edge-1`],
    );
  }
  examples(
    withApiOptions(
      agent
        .command('revoke <cluster>')
        .description(
          "Takes away the access of a cluster's agent at once, on every channel; the cluster stays, and what the agent enforces " +
            'stays in force. Manifests that were fetched before let nobody in any more.',
        )
        .option(PROJECT, THE_PROJECT),
    ).action(async (name: string, options: ClusterOptions) => {
      const { revokeAccess } = await import('./cluster-agent-access.ts');
      await revokeAccess(name, options);
    }),
    ['palette cluster agent revoke edge-1'],
  );
  examples(
    withApiOptions(
      agent
        .command('manifest <cluster>')
        .description(
          'Prints an import manifest with a new one-time token, good for a day: it lets an agent in, for the first time or after ' +
            'its access was revoked. It holds a secret.',
        )
        .option(PROJECT, THE_PROJECT),
    ).action(async (name: string, options: ClusterOptions) => {
      const { printManifest } = await import('./cluster-agent-access.ts');
      await printManifest(name, options);
    }),
    ['palette cluster agent manifest edge-1 | kubectl apply -f -'],
  );
  examples(
    withApiOptions(
      cluster
        .command('logs <cluster>')
        .description(
          "Collects the agent's diagnostics: logs, status, events, versions; no secrets. Waits, then writes a file.",
        )
        .option('--since <hours>', 'log lines of the last so many hours', '24')
        .option('--out <file>', 'where to write it (default: CLUSTER-diagnostics.tgz)')
        .option('--timeout <seconds>', 'how long to wait for the agent', '300')
        .option(PROJECT, THE_PROJECT)
        .addOption(outputOption()),
    ).action(async (name: string, options: LogsOptions) => {
      const { collectLogs } = await import('./cluster-agent-act.ts');
      await collectLogs(name, options);
    }),
    ['palette cluster logs edge-1 --since 2'],
  );
}
