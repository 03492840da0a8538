/** Calls the function as Crossplane does: again and again until it asks for the same objects twice. */
import { Resource, RunFunctionRequest, type RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';

import { silentLogger } from '#core/log';
import type { KubeObject } from '#kubernetes/object';
import { fakeContext, PROJECT_UID, type Answers, type FakeContext } from '#resources/definitions/testing/fake-context';

import type { ComposeDependencies } from '../compose.ts';
import { createKnownSecrets } from '../connect.ts';
import { createConnections } from '../connections.ts';
import { createHandler, type Handler } from '../handler.ts';
import { createFunctionMetrics } from '../metrics.ts';

/** What `crossplane` does at most. */
const MAX_ROUNDS = 6;

export interface Call {
  readonly composite: object;
  readonly observed?: Readonly<Record<string, { readonly object: object; readonly details?: Record<string, string> }>>;
  /** Objects that are in the cluster. */
  readonly cluster?: readonly object[];
  readonly input?: object;
  readonly context?: object;
  readonly desired?: object;
}

export interface Called {
  readonly response: RunFunctionResponse;
  readonly rounds: number;
}

export async function callUntilStable(handle: Handler, call: Call): Promise<Called> {
  let required: Record<string, unknown> = {};
  let asked: string | undefined = JSON.stringify(undefined);
  for (let rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
    const request = RunFunctionRequest.fromJSON({
      meta: { tag: 'tag' },
      observed: {
        composite: { resource: call.composite },
        resources: Object.fromEntries(
          Object.entries(call.observed ?? {}).map(([name, { object }]) => [name, { resource: object }]),
        ),
      },
      desired: call.desired,
      input: call.input,
      context: call.context ?? {},
      requiredResources: required,
    });
    for (const [name, { details = {} }] of Object.entries(call.observed ?? {})) {
      const bytes = Object.entries(details).map(([key, text]) => [key, Buffer.from(text)] as const);
      const resource = request.observed?.resources[name];
      if (resource !== undefined) resource.connectionDetails = Object.fromEntries(bytes);
    }
    const response = await handle(request);
    const now = JSON.stringify(response.requirements);
    if (now === asked || response.results.some(({ severity }) => severity === 1)) return { response, rounds };
    asked = now;
    required = Object.fromEntries(
      Object.entries(response.requirements?.resources ?? {}).map(([name, selector]) => [
        name,
        {
          items: (call.cluster ?? [])
            .filter((object) => matches(object as KubeObject, selector)) // as: tests write whole objects
            .map((resource) => ({ resource })),
        },
      ]),
    );
  }
  throw new Error(`requirements are not stable after ${MAX_ROUNDS} rounds`);
}

function matches(
  { apiVersion, kind, metadata }: KubeObject,
  wanted: { apiVersion: string; kind: string; matchName?: string | undefined; namespace?: string | undefined },
): boolean {
  return (
    apiVersion === wanted.apiVersion &&
    kind === wanted.kind &&
    metadata.name === wanted.matchName &&
    (metadata.namespace ?? '') === (wanted.namespace ?? '')
  );
}

export interface Subject {
  readonly call: (call: Call) => Promise<Called>;
  readonly api: FakeContext;
  readonly handle: Handler;
  time: number;
}

/** A function whose API answers what a test says. `answers` may be changed between calls. */
export function functionOver(answers: Answers, more: Pick<ComposeDependencies, 'answerWithinMs'> = {}): Subject {
  const api = fakeContext(answers);
  const subject = { time: Date.parse('2026-01-01T00:00:00Z') };
  const now = (): number => subject.time;
  const connections = createConnections({ log: silentLogger, now, random: () => 0, makeClient: () => api.client });
  const metrics = createFunctionMetrics(() => connections.size);
  const handle = createHandler({
    connections,
    secrets: createKnownSecrets(),
    now,
    metrics,
    log: silentLogger,
    ...more,
  });
  return Object.assign(subject, { api, handle, call: async (call: Call) => callUntilStable(handle, call) });
}

export const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** An API in which the key is good and the project is there. */
export const identity: Answers = {
  'GET /v1/users/info': { tenantUid: 't'.repeat(24) },
  'GET /v1/dashboard/projects/metadata': { items: [{ metadata: { name: 'Default', uid: PROJECT_UID } }] },
};

export const clusterProviderConfig = {
  apiVersion: 'm.palette-iac.dev/v1alpha1',
  kind: 'ClusterProviderConfig',
  metadata: { name: 'default', uid: 'pc' },
  spec: {
    project: 'Default',
    credentials: { source: 'Secret', secretRef: { name: 'palette', namespace: 'crossplane-system' } },
  },
};

export const credentials = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'palette', namespace: 'crossplane-system' },
  data: { apiKey: encoded('key'), host: encoded('palette.example.com') },
};

/** The composed resources of a response as plain data. */
export function composed({ response }: Called): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(response.desired?.resources ?? {}).map(([name, resource]) => [
      name,
      Resource.toJSON({ ...resource, connectionDetails: {} }),
    ]),
  );
}
