import type { AnyResource } from '#resources/engine/index';
import type { CtyObject } from '#resources/engine/cty';
import { problemDiagnostic, type Diagnostic } from '#resources/engine/diagnostic';
import { meansTheSameObject } from '#resources/engine/equality';
import { modelOf } from '#resources/engine/model';
import { planChanges, withPlanChanges } from '#resources/engine/modify-plan';
import { attributeStep, terraformPath, type TerraformPath } from '#resources/engine/path';
import { hasChanged, planObject } from '#resources/engine/plan';
import { requiresReplace } from '#resources/engine/requires-replace';

import { fromDynamicValue } from '../convert/from-proto.ts';
import { toAttributePath, toDiagnostics, toDynamicValue } from '../convert/to-proto.ts';
import { runOperation } from '../operation.ts';
import { loadResource, type Rpc, type Session } from '../session.ts';

/** Says what an apply will do. Terraform asks a second time, without a prior state, for what has to be replaced. */
export const planResourceChange: Rpc<'planResourceChange'> = async (request, session) => {
  const definition = await loadResource(session, request.typeName);
  const model = modelOf(definition);
  const prior = fromDynamicValue(model, request.priorState);
  const config = fromDynamicValue(model, request.config);
  const respond = (
    planned: CtyObject | null,
    replace: readonly TerraformPath[],
    diagnostics: readonly Diagnostic[],
  ) => ({
    plannedState: toDynamicValue(model, planned),
    requiresReplace: replace.map(toAttributePath),
    plannedPrivate: request.priorPrivate,
    diagnostics: toDiagnostics(diagnostics),
    // Attributes with a default are optional and not computed, as the official provider has them; Terraform accepts
    // values planned for them from providers of the older type system only.
    legacyTypeSystem: true,
  });
  if (fromDynamicValue(model, request.proposedNewState) === undefined || config === undefined)
    return respond(null, [], []);

  const planned = planObject(model, prior, config);
  if (prior !== undefined && meansTheSameObject(model, prior, planned)) return respond(prior, [], []);
  const replace = prior === undefined ? [] : pathsToReplace(definition, prior, planned);
  const modified = await modify(session, definition, { prior, planned, config });
  return respond(modified.planned, [...replace, ...modified.replace], modified.diagnostics);
};

function pathsToReplace(definition: AnyResource, prior: CtyObject, planned: CtyObject): TerraformPath[] {
  const model = modelOf(definition);
  const paths = requiresReplace(model, prior, planned);
  if (definition.update !== undefined || paths.length > 0) return paths;
  return model.fields
    .filter((field) => field.name !== 'timeouts' && hasChanged(field, prior, planned))
    .map(({ name }) => [attributeStep(name)]);
}

interface Modified {
  readonly planned: CtyObject;
  readonly replace: readonly TerraformPath[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Lets the definition look at the plan as a whole. */
async function modify(
  session: Session,
  definition: AnyResource,
  {
    prior,
    planned,
    config,
  }: { readonly prior: CtyObject | undefined; readonly planned: CtyObject; readonly config: CtyObject },
): Promise<Modified> {
  const model = modelOf(definition);
  if (definition.modifyPlan === undefined || session.connection.kind !== 'connected')
    return { planned, replace: [], diagnostics: [] };
  const result = await runOperation(
    session,
    session.connection.connection,
    { verb: 'plan', definition, values: undefined },
    async (ctx) => planChanges(definition, { prior, planned, config }, ctx),
  );
  if (result.kind === 'failed') return { planned, replace: [], diagnostics: result.diagnostics };
  const changed = withPlanChanges(model, { prior, planned }, result.value);
  return {
    planned: changed.planned,
    replace: changed.replace.map((path) => terraformPath(model, path)),
    diagnostics: [...result.diagnostics, ...changed.problems.map((problem) => problemDiagnostic(model, problem))],
  };
}
