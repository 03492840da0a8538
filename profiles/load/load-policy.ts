/** Policies of a file: a program that exports them, or documents in YAML or JSON. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';

import { parseYamlStream } from '#packs/yaml';
import { policyFromSpec } from '#profiles/policy/from-spec';
import { PolicyError } from '#profiles/policy/policy-error';
import type { Policy, PolicyRule } from '#profiles/policy/policy';

import { runProgram } from './program.ts';

/**
 * Every policy of a file, in its order.
 *
 * @throws PolicyError for a file that has none or a wrong one, ProfileError for a program that fails.
 */
export async function loadPolicies(file: string): Promise<readonly Policy[]> {
  const extension = extname(file);
  const found = /^\.[cm]?[jt]s$/.test(extension)
    ? Object.entries(await runProgram(resolve(file))).flatMap(([name, value]) => policiesIn(name, value))
    : ['.json', '.yaml', '.yml'].includes(extension)
      ? await policiesOfDocuments(file)
      : refuse(file, 'expected a program (.ts, .mts, .js, .mjs) or documents (.json, .yaml, .yml)');
  if (found.length === 0) refuse(file, 'there is no policy in it; export what `definePolicy({ … })` gives');
  return [...new Set(found)];
}

function policiesIn(exportName: string, value: unknown): Policy[] {
  if (isPolicy(value)) return [value];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const rules = items.filter(isRule);
  return rules.length > 0 && rules.length === items.length ? [{ kind: 'Policy', name: exportName, rules }] : [];
}

async function policiesOfDocuments(file: string): Promise<Policy[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => refuse(file, 'the file cannot be read', cause));
  const { documents, problems } = parseYamlStream(text);
  if (problems.length > 0)
    throw new PolicyError(
      problems.map(({ line, column, message }) => ({ field: `${file}:${line}:${column}`, message })),
    );
  return documents.map(({ value, line }) => {
    try {
      return policyFromSpec(value);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      throw new PolicyError(
        error.problems.map((problem) => ({
          ...problem,
          field: `${file}:${line}: ${problem.field}`.replace(/: $/, ''),
        })),
        { cause: error },
      );
    }
  });
}

/** By shape: a program may have loaded a second copy of this package. */
function isPolicy(value: unknown): value is Policy {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'Policy' &&
    'rules' in value &&
    Array.isArray(value.rules) &&
    value.rules.every(isRule)
  );
}

function isRule(value: unknown): value is PolicyRule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'check' in value &&
    typeof value.check === 'function' &&
    'severity' in value &&
    'name' in value
  );
}

function refuse(file: string, message: string, cause?: unknown): never {
  throw new PolicyError([{ field: file, message }], { cause });
}
