import { readFile } from 'node:fs/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import { write } from '#cli/output';
import type { Schemas } from '#openapi/client/index';
import { parseYaml } from '#packs/yaml';
import { policyFromSpec } from '#profiles/policy/from-spec';
import { PolicySpec, type RuleSpec } from '#profiles/policy/policy-spec';

import type { ApiOptions } from './options.ts';
import { scopeOf, withApi } from './profile-reference.ts';

export interface SettingsOptions extends ApiOptions {
  readonly project?: string;
  readonly versions?: 'mutable' | 'immutable';
  readonly policy?: string;
  readonly policyMode?: 'enforce' | 'warn' | 'off';
}

/** Changes what is given, and shows what holds then. */
export async function settings(options: SettingsOptions): Promise<void> {
  const rules = options.policy === undefined ? undefined : await readRules(options.policy);
  const now = await withApi(options, async (client, signal) => {
    const scope = await scopeOf(client, options.project);
    const before = await client.get('/v1/profilesettings', { scope, signal });
    if (rules === undefined && options.versions === undefined && options.policyMode === undefined) return before;
    const after: Schemas['ProfileSettings'] = {
      versions: options.versions ?? before.versions,
      policy: {
        // Rules that nobody asked to enforce are told of.
        mode: options.policyMode ?? (rules === undefined ? (before.policy?.mode ?? 'off') : laterMode(before)),
        rules: rules === undefined ? (before.policy?.rules ?? []) : rules.map((rule) => ({ ...rule })),
      },
    };
    await client.put('/v1/profilesettings', { body: after, scope, signal });
    return client.get('/v1/profilesettings', { scope, signal });
  });
  write(`versions: ${now.versions}`);
  write(`policy:   ${now.policy?.mode ?? 'off'}, ${now.policy?.rules?.length ?? 0} rules`);
}

function laterMode({ policy }: Schemas['ProfileSettings']): 'enforce' | 'warn' {
  return policy?.mode === 'enforce' ? 'enforce' : 'warn';
}

/** @throws CliError or PolicyError that names file and field. */
async function readRules(file: string): Promise<readonly RuleSpec[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`--policy ${file}: the file cannot be read`, { cause, exitCode: exitCodes.usage });
  });
  const { value, problems } = parseYaml(text);
  const [problem] = problems;
  if (problem)
    throw new CliError(`--policy ${file}:${problem.line}: ${problem.message}`, { exitCode: exitCodes.usage });
  // With everything that is wrong, expressions included.
  policyFromSpec(value);
  return PolicySpec.parse(value).rules;
}
