import { z } from 'zod';

import { CliError } from '#cli/cli-error';
import { write, writeJson } from '#cli/output';
import { escapeMarkdown, fitComment, maskTexts } from '#profiles/diff/index';
import { loadPolicies } from '#profiles/load/load-policy';
import { BUILTINS, checkPolicy, policyFromSpec, type PolicyFinding, type PolicyRule } from '#profiles/policy/index';
import { countFindings, findingLine, findingsMarkdown } from '#profiles/policy/format-findings';
import { titleOf } from '#profiles/problem';

import { writeTable, type ResultFormat } from './profile-reference.ts';
import { profilesNamed, rendererOf, sensitiveValues } from './profile-side.ts';
import type { ClusterOptions, SourceOptions } from './profile-options.ts';
import { withWorkbench } from './profile-sources.ts';

export interface PolicyOptions extends SourceOptions, ClusterOptions {
  readonly output: ResultFormat;
  readonly policy?: readonly string[];
  readonly rule?: readonly string[];
  readonly strict?: true;
}

interface Checked {
  readonly profile: string;
  readonly rules: number;
  readonly findings: readonly PolicyFinding[];
}

/** Renders profiles and checks every object. @throws CliError when a rule finds an error (with `strict` a warning too). */
export async function policy(location: string, options: PolicyOptions): Promise<void> {
  const given = await rulesGiven(options);
  const checked = await withWorkbench(options, async (bench) => {
    const profiles = await profilesNamed(location, bench);
    if (given.length === 0 && profiles.every(({ policies = [] }) => policies.length === 0))
      throw new CliError('there are no rules to check', {
        hint: 'Attach policies to the profile, or name some with --policy FILE or --rule NAME; `palette profile rules` lists what is built in.',
      });
    const { render, secrets } = await rendererOf(options, profiles, bench);
    const found: Checked[] = [];
    for (const profile of profiles) {
      const rules = [...(profile.policies ?? []), ...given];
      const { rendered } = await render(profile.document);
      const mask = maskTexts(sensitiveValues(profiles, secrets));
      found.push({
        profile: titleOf(profile.document),
        rules: rules.length,
        findings: checkPolicy(rendered, rules, { mask }),
      });
    }
    return found;
  });
  print(checked, options.output);
  const counted = checked
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity === 'error' || options.strict === true);
  if (counted.length > 0)
    throw new CliError(
      `${counted.length} ${counted.length === 1 ? 'object breaks a rule' : 'findings break the rules'}`,
    );
}

async function rulesGiven({ policy: files = [], rule = [] }: PolicyOptions): Promise<readonly PolicyRule[]> {
  const policies = await Promise.all(files.map(loadPolicies));
  const named = policyFromSpec({ rules: rule.map((name) => ({ kind: 'builtin', rule: name })) });
  return [...policies.flat().flatMap(({ rules }) => rules), ...named.rules];
}

function print(checked: readonly Checked[], output: ResultFormat): void {
  if (output === 'json') {
    writeJson(checked);
    return;
  }
  if (output === 'markdown') {
    write(
      fitComment(
        checked.flatMap(({ profile, rules, findings }) => [
          `### Policy of profile ${escapeMarkdown(profile)}\n\n${countRules(rules)}: ${countFindings(findings)}.`,
          ...(findings.length === 0 ? [] : [findingsMarkdown(findings)]),
        ]),
      ),
    );
    return;
  }
  for (const { profile, rules, findings } of checked) {
    for (const finding of findings) write(findingLine(finding));
    write(`profile ${profile}: ${countRules(rules)}: ${countFindings(findings)}`);
  }
}

function countRules(count: number): string {
  return `${count} ${count === 1 ? 'rule' : 'rules'}`;
}

/** Lists the rules that are built in, with what they can be told. */
export function rules({ output }: { readonly output: ResultFormat }): void {
  const all = [...BUILTINS.values()].map(({ ruleName, description, params }) => ({
    rule: ruleName,
    description,
    params: parametersOf(params),
  }));
  if (output === 'json') {
    writeJson(all);
    return;
  }
  writeTable(
    ['rule', 'parameters', 'what it asks for'],
    all.map(({ rule, description, params }) => [rule, Object.keys(params).join(', '), description]),
    output,
    'no rules',
  );
}

/** Parameters by name, as JSON Schema. */
function parametersOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { properties } = z.toJSONSchema(schema, { io: 'input' });
  return properties ?? {};
}
