import { validRange } from 'semver';

import { versionNumbers } from '../constraints/versions.ts';
import type { Pack } from '../pack.ts';
import { PACK_JSON } from '../pack-json.ts';
import type { Problem } from '../problem.ts';

/** Constraints that could never be checked: versions and ranges that cannot be read. */
export function lintConstraints({ constraints, kubeVersion, source }: Pack): Problem[] {
  const problems: Problem[] = [];
  const add = (path: readonly (string | number)[], message: string): void => {
    problems.push({ severity: 'warning', file: PACK_JSON, ...source.locate(path), rule: 'constraint', message });
  };
  for (const [index, dependency] of constraints.dependencies.entries()) {
    for (const bound of ['minVersion', 'maxVersion'] as const) {
      const version = dependency[bound];
      if (version !== '' && !versionNumbers(version))
        add(
          ['constraints', 'dependencies', index, bound],
          `${bound} ${JSON.stringify(version)} of ${dependency.packName} is no version such as 1.27; it is not checked`,
        );
    }
  }
  const agent = constraints.agent?.minVersion;
  if (agent !== undefined && !versionNumbers(agent))
    add(
      ['constraints', 'agent', 'minVersion'],
      `minVersion ${JSON.stringify(agent)} of the agent is no version such as 4.7.7; it is not checked`,
    );
  if (kubeVersion !== '' && validRange(kubeVersion.replaceAll(',', ' ')) === null)
    add(
      ['kubeVersion'],
      `kubeVersion ${JSON.stringify(kubeVersion)} is no range such as ">=1.26.0-0"; it is not checked`,
    );
  return problems;
}
