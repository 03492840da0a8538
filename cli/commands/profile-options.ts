/** Options that commands on profiles have in common: where packs come from, and what a cluster gives. */
import { type Command, Option } from 'commander';

import { type ApiOptions, withApiOptions } from './options.ts';

export interface SourceOptions extends ApiOptions {
  /** Folders or archives. */
  readonly packs?: readonly string[];
  readonly project?: string;
  readonly locked?: true;
}

/** What a cluster gives to a profile that is rendered without one. */
export interface ClusterOptions {
  readonly set?: readonly string[];
  readonly macro?: readonly string[];
  readonly cluster?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

/** Where packs come from: `--packs`, else the API. */
export function withSourceOptions(command: Command): Command {
  return withApiOptions(
    command
      .addOption(
        repeatable('--packs <dir>', 'folder of packs, or one pack; repeatable (default: the registries of the API)'),
      )
      .option('--project <name>', 'project in which the API is asked (default: the tenant)')
      .option('--locked', 'refuse layers that palette.lock.json does not pin'),
  );
}

/** What `--set`, `--macro` and `--cluster` say of a cluster. */
export function withClusterOptions(command: Command): Command {
  return command
    .addOption(repeatable('--set <name=value>', 'value of a profile variable; repeatable; `name=@file` reads it'))
    .addOption(repeatable('--macro <name=value>', 'what {{.spectro.macro.NAME}} stands for; repeatable'))
    .option('--cluster <name|file>', 'name of the cluster, or a YAML file with what {{.spectro.system.…}} stands for')
    .option('--kube-version <version>', "the cluster's Kubernetes (default: the profile's own, else 1.34.0)")
    .addOption(repeatable('--api-versions <group/version>', 'API that the cluster serves beyond its own; repeatable'));
}

/** An option that may be given more than once; its values in the order given. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}
