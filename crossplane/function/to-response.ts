/** To the wire: what was composed as Crossplane's response. */
import {
  Ready,
  Severity,
  Status,
  Target,
  to,
  type Requirements,
  type Resource,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';

import type { Composition, Result } from './compose.ts';
import type { Condition } from './conditions.ts';
import type { Selector } from './required.ts';

const STATUS = {
  True: Status.STATUS_CONDITION_TRUE,
  False: Status.STATUS_CONDITION_FALSE,
  Unknown: Status.STATUS_CONDITION_UNKNOWN,
} as const satisfies Record<Condition['status'], Status>;

const SEVERITY = {
  Fatal: Severity.SEVERITY_FATAL,
  Warning: Severity.SEVERITY_WARNING,
  Normal: Severity.SEVERITY_NORMAL,
} as const satisfies Record<Result['severity'], Severity>;

/** What other functions of the pipeline desire is passed through. */
export function toResponse(
  request: RunFunctionRequest,
  composition: Composition,
  selectors: ReadonlyMap<string, Selector>,
): RunFunctionResponse {
  const { desired } = request;
  const resources = [...composition.resources].map(
    ([name, { object, ready }]) =>
      [name, resource({ ...object }, ready ? Ready.READY_TRUE : Ready.READY_FALSE)] as const,
  );
  return {
    ...to(request, { seconds: composition.ttlSeconds, nanos: 0 }),
    desired: {
      composite: {
        ...resource(
          { ...desired?.composite?.resource, status: { ...statusOf(desired?.composite), ...composition.status } },
          composition.isIncomplete ? Ready.READY_FALSE : (desired?.composite?.ready ?? Ready.READY_UNSPECIFIED),
        ),
        connectionDetails: { ...desired?.composite?.connectionDetails, ...composition.connectionDetails },
      },
      resources: { ...desired?.resources, ...Object.fromEntries(resources) },
    },
    conditions: composition.conditions.map(({ type, status, reason, message }) => ({
      type,
      status: STATUS[status],
      reason,
      message,
      target: Target.TARGET_COMPOSITE_AND_CLAIM,
    })),
    results: composition.results.map(toResult),
    requirements: toRequirements(selectors),
  };
}

/** Leaves everything as it is: Crossplane carries out nothing of a call with a fatal result. */
export function refuse(request: RunFunctionRequest, message: string): RunFunctionResponse {
  return { ...to(request), results: [toResult({ severity: 'Fatal', reason: 'CannotCompose', message })] };
}

function toResult({ severity, reason, message }: Result): RunFunctionResponse['results'][number] {
  return { severity: SEVERITY[severity], reason, message, target: Target.TARGET_COMPOSITE_AND_CLAIM };
}

function resource(content: Resource['resource'], ready: Ready): Resource {
  return { resource: content, connectionDetails: {}, ready };
}

function statusOf(composite: Resource | undefined): object {
  const status: unknown = composite?.resource?.['status'];
  return typeof status === 'object' && status !== null ? status : {};
}

function toRequirements(selectors: ReadonlyMap<string, Selector>): Requirements | undefined {
  if (selectors.size === 0) return undefined;
  const resources = [...selectors].map(
    ([name, { apiVersion, kind, name: matchName, namespace }]) =>
      [name, { apiVersion, kind, matchName, namespace }] as const,
  );
  return { extraResources: {}, resources: Object.fromEntries(resources), schemas: {} };
}
