/** Runs and what is known of schedules, kept in Secrets of the agent's namespace: one for each run, one for the schedules. */
import { z } from 'zod';

import type { Logger } from '#core/log';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { refOf } from '#kubernetes/object';
import { readSecret, secretData, secretRef, writeSecret } from '#kubernetes/secret';

import { Run } from './run.ts';

const PART_LABEL = 'palette-iac.dev/part';
const RUN_PART = 'action-run';
const RUN_KEY = 'run.json';
const SCHEDULES_SECRET = 'palette-agent-schedules';
const SCHEDULES_KEY = 'schedules.json';

/** Up to when a schedule was looked after: the last time of it that was begun, or when it was first seen. */
export const ScheduleMarks = z.record(z.string(), z.iso.datetime());
export type ScheduleMarks = z.infer<typeof ScheduleMarks>;

export interface RunStore {
  load(options: CallOptions): Promise<readonly Run[]>;
  save(run: Run, options: CallOptions): Promise<void>;
  remove(runId: string, options: CallOptions): Promise<void>;
  loadMarks(options: CallOptions): Promise<ScheduleMarks>;
  saveMarks(marks: ScheduleMarks, options: CallOptions): Promise<void>;
  removeAll(options: CallOptions): Promise<void>;
}

/** All methods throw KubeError. What somebody spoiled is left out, with a warning, and never begun again. */
export function createRunStore(client: KubeClient, namespace: string, log: Logger): RunStore {
  const list = async (options: CallOptions) => {
    const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'Secret' }, options);
    if (!type) return [];
    return (await client.list(type, { ...options, namespace, labelSelector: `${PART_LABEL}=${RUN_PART}` })).items;
  };
  return {
    load: async (options) =>
      (await list(options)).flatMap((secret) => {
        const parsed = parseJson(Run, secretData(secret).get(RUN_KEY));
        if (parsed === undefined) log.warn({ secret: secret.metadata.name }, 'a stored run cannot be read');
        return parsed ?? [];
      }),
    save: async (run, options) =>
      writeSecret(
        client,
        {
          namespace,
          name: nameOf(run.runId),
          labels: { [PART_LABEL]: RUN_PART },
          data: { [RUN_KEY]: JSON.stringify(run) },
        },
        options,
      ),
    remove: async (runId, options) => client.delete(secretRef(namespace, nameOf(runId)), options),
    loadMarks: async (options) =>
      parseJson(ScheduleMarks, (await readSecret(client, namespace, SCHEDULES_SECRET, options))?.get(SCHEDULES_KEY)) ??
      {},
    saveMarks: async (marks, options) =>
      writeSecret(
        client,
        { namespace, name: SCHEDULES_SECRET, data: { [SCHEDULES_KEY]: JSON.stringify(marks) } },
        options,
      ),
    removeAll: async (options) => {
      for (const secret of await list(options)) await client.delete(refOf(secret), options);
      await client.delete(secretRef(namespace, SCHEDULES_SECRET), options);
    },
  };
}

function nameOf(runId: string): string {
  return `palette-agent-run-${runId}`;
}

function parseJson<T>(schema: z.ZodType<T>, bytes: Buffer | undefined): T | undefined {
  try {
    return schema.safeParse(JSON.parse(bytes?.toString('utf8') ?? '')).data;
  } catch {
    return undefined;
  }
}
