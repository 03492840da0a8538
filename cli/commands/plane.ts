/** `palette plane run` */
import type { Command } from 'commander';

import { examples } from './options.ts';

export interface PlaneRunOptions {
  readonly config: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export function addPlaneCommands(program: Command): void {
  const plane = program
    .command('plane')
    .summary('run the management plane')
    .description('The management plane: holds the desired state of every cluster.');
  examples(
    plane
      .command('run')
      .description(
        'Runs the management plane until SIGTERM, as its configuration file says (JSON or YAML; see plane/config.ts for its fields).',
      )
      .requiredOption('--config <file>', 'configuration file')
      .option('--log-level <level>', 'debug, info, warn or error', 'info')
      .action(async (options: PlaneRunOptions) => {
        const { runPlaneCommand } = await import('./plane-run.ts');
        await runPlaneCommand(options);
      }),
    ['palette plane run --config /etc/palette/plane.yaml'],
  );
}
