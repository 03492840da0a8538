/** Puts the provider where `terraform init` finds it without any network: a mirror in the file system. */
import { access, cp, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';
import { CliError } from '#cli/cli-error';
import { packageRoot } from '#cli/package-root';
import { shellQuote } from '#cli/shell-quote';
import { version } from '#cli/version';

export const PROVIDER_SOURCE = 'spectrocloud/spectrocloud';
const NAME = 'terraform-provider-spectrocloud';
/** Terraform and OpenTofu each look under their own registry's name. */
const REGISTRIES = ['registry.terraform.io', 'registry.opentofu.org'] as const;
const BUILT = join(packageRoot, 'dist/provider/terraform');
const BUNDLE = join(BUILT, `${NAME}.cjs`);
/** Loaded by the provider when traces are asked for. */
const TRACING = 'tracing.cjs';

export interface InstalledProvider {
  readonly mirror: string;
  /** For TF_CLI_CONFIG_FILE. */
  readonly configFile: string;
  readonly version: string;
  readonly source: string;
  /** Something that the user should know about it. */
  readonly note?: string;
}

/** Writes mirror and CLI configuration below `dir`; again and again the same. @throws CliError when the provider was not built. */
export async function installProvider({
  dir,
  env = process.env,
}: {
  readonly dir: string;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<InstalledProvider> {
  await access(BUNDLE).catch((cause: unknown) => {
    throw new CliError(`the provider is not built: there is no ${BUNDLE}`, {
      hint: 'In a checkout run `npm run build`; an installed package has it: install it again.',
      cause,
    });
  });
  const mirror = join(dir, 'mirror');
  for (const registry of REGISTRIES) await installInto(join(mirror, registry, PROVIDER_SOURCE, version, platform()));
  const configFile = join(dir, 'terraform.rc');
  const existing = await usersConfig(configFile, env);
  await writeFileAtomic(configFile, cliConfig(mirror, existing.text));
  return {
    mirror,
    configFile,
    version,
    source: PROVIDER_SOURCE,
    ...(existing.note === undefined ? {} : { note: existing.note }),
  };
}

/** Terraform starts the file of this name; it hands over to the Node.js that is running now, wherever PATH then points. */
async function installInto(folder: string): Promise<void> {
  const next = `${folder}.new`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true });
  await cp(BUNDLE, join(next, 'provider.cjs'));
  await cp(join(BUILT, TRACING), join(next, TRACING));
  const launcher = ['#!/bin/sh', `exec ${shellQuote(process.execPath)} "\${0%/*}/provider.cjs" "$@"`, ''].join('\n');
  await writeFileAtomic(join(next, `${NAME}_v${version}`), launcher, 0o755);
  await rm(folder, { recursive: true, force: true });
  await rename(next, folder);
}

/** Terraform's name of this platform. */
export function platform(os: string = process.platform, cpu: string = process.arch): string {
  const arch: Record<string, string> = { x64: 'amd64', ia32: '386' };
  return `${os === 'win32' ? 'windows' : os}_${arch[cpu] ?? cpu}`;
}

/** The user's own CLI configuration would be shadowed: what it says about other things is kept. */
async function usersConfig(
  own: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly text: string; readonly note?: string }> {
  const named = env['TF_CLI_CONFIG_FILE'];
  const file = named !== undefined && resolve(named) !== own ? resolve(named) : join(homedir(), '.terraformrc');
  const text = (await readIfThere(file)) ?? '';
  if (/^\s*provider_installation\b/m.test(text)) {
    return {
      text: '',
      note: `${file} has a provider_installation block of its own; while TF_CLI_CONFIG_FILE is set to ${own}, it is not used.`,
    };
  }
  return { text };
}

function cliConfig(mirror: string, existing: string): string {
  const sources = REGISTRIES.map((registry) => JSON.stringify(`${registry}/${PROVIDER_SOURCE}`)).join(', ');
  return [
    ...(existing.trim() === '' ? [] : [existing.trimEnd(), '']),
    'provider_installation {',
    '  filesystem_mirror {',
    `    path    = ${JSON.stringify(mirror)}`,
    `    include = [${sources}]`,
    '  }',
    '  direct {',
    `    exclude = [${sources}]`,
    '  }',
    '}',
    '',
  ].join('\n');
}
