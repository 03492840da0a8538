/** What an action is given, with everything it tells kept for the test. */
import { randomUUID } from 'node:crypto';

import type { ActionContext, Artifact } from '#agent/day2/action';
import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import type { DesiredState } from '#protocol/desired-state';

export interface TestContext extends ActionContext {
  readonly told: string[];
  readonly artifacts: Map<string, Artifact>;
  /** Of a cancel. */
  readonly stop: AbortController;
  /** As when the agent stops. */
  end(reason: Error): void;
  /** The same run in the agent's next life. */
  again(): TestContext;
}

export function testContext(
  client: KubeClient,
  {
    runId = randomUUID(),
    notes = {},
    namespace,
  }: { readonly runId?: string; readonly notes?: Record<string, string>; readonly namespace: string },
): TestContext {
  const stop = new AbortController();
  const ending = new AbortController();
  const told: string[] = [];
  const artifacts = new Map<string, Artifact>();
  const kept = { ...notes };
  return {
    runId,
    client,
    namespace,
    document: (): DesiredState => {
      throw new Error('these actions do not read the desired state');
    },
    progress: (step) => void told.push(step),
    notes: { ...notes },
    note: async (key, value) => {
      kept[key] = value;
    },
    upload: async (artifact) => void artifacts.set(artifact.name, artifact),
    now: () => new Date(),
    log: silentLogger,
    signal: stop.signal,
    ending: ending.signal,
    told,
    artifacts,
    stop,
    end: (reason) => {
      stop.abort(reason);
      ending.abort(reason);
    },
    again: () => testContext(client, { runId, notes: kept, namespace }),
  };
}

/** An artifact as JSON. @throws Error when there is none of that name */
export function jsonArtifact(context: TestContext, name: string): unknown {
  const artifact = context.artifacts.get(name);
  if (artifact === undefined)
    throw new Error(`no artifact ${name}; there are ${[...context.artifacts.keys()].join(', ')}`);
  return JSON.parse(Buffer.from(artifact.bytes).toString('utf8'));
}
