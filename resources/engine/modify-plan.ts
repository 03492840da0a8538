import { UNKNOWN, type CtyObject } from './cty.ts';
import type { AnyResource, ConfigProblem, PlanChange } from './definition.ts';
import type { AttributePath } from './attribute-error.ts';
import { modelOf, type ObjectModel } from './model.ts';
import type { OperationContext } from './operation-context.ts';
import { terraformPath } from './path.ts';
import { withValueAt } from './set-at-path.ts';
import { toTyped } from './state-conversion.ts';

export interface ProposedPlan {
  /** Absent when the resource is created. */
  readonly prior: CtyObject | undefined;
  readonly planned: CtyObject;
  readonly config: CtyObject;
}

/** Lets a definition look at a plan as a whole. @throws what the definition throws */
export async function planChanges(
  definition: AnyResource,
  { prior, planned, config }: ProposedPlan,
  ctx: OperationContext,
): Promise<readonly PlanChange[]> {
  const model = modelOf(definition);
  const changes = await definition.modifyPlan?.(
    {
      // as never: a definition of any resource has forgotten its own types, which its model just followed
      prior: prior === undefined ? undefined : (toTyped(model, prior, { unknown: 'omit' }) as never),
      planned: toTyped(model, planned, { unknown: 'keep' }) as never,
      config: toTyped(model, config, { unknown: 'keep' }) as never,
    },
    ctx,
  );
  return changes ?? [];
}

/** What the changes make of a plan. A new resource is never replaced. */
export function withPlanChanges(
  model: ObjectModel,
  { prior, planned }: Pick<ProposedPlan, 'prior' | 'planned'>,
  changes: readonly PlanChange[],
): {
  readonly planned: CtyObject;
  readonly replace: readonly AttributePath[];
  readonly problems: readonly ConfigProblem[];
} {
  let value = planned;
  const replace: AttributePath[] = [];
  const problems: ConfigProblem[] = [];
  for (const change of changes) {
    switch (change.kind) {
      case 'unknown':
        value = withValueAt(value, terraformPath(model, change.path), UNKNOWN);
        break;
      case 'replace':
        if (prior !== undefined) replace.push(change.path);
        break;
      case 'problem':
        problems.push(change.problem);
    }
  }
  return { planned: value, replace, problems };
}
