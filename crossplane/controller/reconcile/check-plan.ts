/** What a definition says about a plan before it is carried out. */
import type { CtyObject } from '#resources/engine/cty';
import type { Diagnostic } from '#resources/engine/diagnostic';
import { planChanges, withPlanChanges } from '#resources/engine/modify-plan';
import { validateConfig } from '#resources/engine/validate-config';
import type { ConfigProblem } from '#resources/engine/index';

import type { ApiConnection } from '../contracts.ts';
import { attributePath, inKubernetesWords, specPath } from '../../schema/words.ts';
import { PassFailure, describeFailure } from './failure.ts';
import { guardClient } from './guarded-client.ts';
import { operate, tell, type Pass } from './pass.ts';

/**
 * Checks a configuration by itself: values, conflicts, what belongs together.
 *
 * @throws PassFailure InvalidSpec: only another spec helps
 */
export function checkConfig(pass: Pass, config: CtyObject): void {
  const found = validateConfig(pass.definition, config).filter(({ severity }) => severity === 'error');
  if (found.length === 0) return;
  throw new PassFailure(found.map((problem) => diagnosticText(pass, problem)).join('\n'), {
    reason: 'InvalidSpec',
    event: 'InvalidSpec',
    requeue: 'rest',
  });
}

/**
 * Lets the definition look at the plan as a whole, with the API at hand.
 *
 * @returns the plan with what is known only afterwards made unknown, and the paths that cannot be changed in place
 * @throws PassFailure InvalidSpec when the API has no such thing as is asked for; CannotObserve when it cannot be asked
 */
export async function checkPlan(
  pass: Pass,
  connection: ApiConnection,
  {
    prior,
    planned,
    config,
  }: { readonly prior: CtyObject | undefined; readonly planned: CtyObject; readonly config: CtyObject },
): Promise<{ readonly planned: CtyObject; readonly replace: readonly string[] }> {
  const { definition, model } = pass;
  if (definition.modifyPlan === undefined) return { planned, replace: [] };
  const changes = await operate(
    pass,
    { verb: 'plan', connection, client: guardClient(connection.client) },
    async (ctx) => planChanges(definition, { prior, planned, config }, ctx),
  ).catch((error: unknown) => {
    pass.signal.throwIfAborted();
    throw new PassFailure(
      describeFailure(definition, error),
      { reason: 'CannotObserve', event: 'CannotObserveExternalResource' },
      { cause: error },
    );
  });
  const changed = withPlanChanges(model, { prior, planned }, changes);
  const problems: string[] = [];
  for (const problem of changed.problems) {
    const text = problemText(pass, problem);
    if (problem.severity === 'warning') tell(pass, 'Warning', 'Warning', text);
    else problems.push(text);
  }
  if (problems.length > 0) throw new PassFailure(problems.join('\n'), { reason: 'InvalidSpec', event: 'InvalidSpec' });
  return { planned: changed.planned, replace: changed.replace.map((path) => specPath(definition, path)) };
}

function problemText({ definition }: Pass, { path, summary, detail }: ConfigProblem): string {
  return inKubernetesWords(definition, `${specPath(definition, path)}: ${summary}: ${detail}`);
}

function diagnosticText({ definition }: Pass, { path, summary, detail }: Diagnostic): string {
  const where = path === undefined ? '' : `${specPath(definition, attributePath(definition, path))}: `;
  return inKubernetesWords(definition, `${where}${summary}: ${detail}`);
}
