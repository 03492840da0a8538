/** Options that several commands have, with the same name and meaning everywhere. */
import { type Command, Option } from 'commander';

export interface HomeOptions {
  readonly home?: string;
}

export interface OutputOptions {
  readonly output: 'table' | 'json';
}

export interface ApiOptions extends HomeOptions {
  readonly host?: string;
  readonly caFile?: string;
}

export function homeOption(): Option {
  return new Option(
    '--home <dir>',
    'folder of the environment (default: $PALETTE_HOME, else ~/.local/state/palette-iac)',
  );
}

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how the result is printed').choices(['table', 'json']).default('table');
}

/** Where the API is: an environment of one's own, or any other by the provider's own variables. */
export function withApiOptions(command: Command): Command {
  return command
    .addOption(homeOption())
    .option(
      '--host <host>',
      'host or host:port of the API (default: $SPECTROCLOUD_HOST, else the environment); the key is $SPECTROCLOUD_APIKEY',
    )
    .option('--ca-file <file>', 'PEM file with the authority to trust (default: $SPECTROCLOUD_CA_FILE)');
}

/** Adds examples and the exit codes that matter to the end of a command's help. */
export function examples(
  command: Command,
  lines: readonly string[],
  exitCodes: readonly string[] = ['0 done', '1 failed', '2 wrong use'],
): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n\nExit codes: ${exitCodes.join(', ')}.`,
  );
}
