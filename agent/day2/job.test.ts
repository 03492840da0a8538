import { describe, expect, it } from '@jest/globals';

import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import type { KubeObject } from '#kubernetes/object';

import { Cancelled } from './action.ts';
import { jobName, removeJobNamespace, runJob, type JobEnd, type JobRequest } from './job.ts';

type Condition = 'Complete' | 'Failed' | 'DeadlineExceeded';

interface Cluster {
  readonly client: KubeClient;
  readonly deleted: string[];
  job: Condition | undefined;
  pod: object | undefined;
  /** What reading the log gives. */
  log: () => string;
  /** Called before each look. */
  looked: (times: number) => void;
  applied: KubeObject[];
}

function startCluster(): Cluster {
  let looks = 0;
  const cluster: Cluster = {
    client: {
      get: async () => {
        cluster.looked(++looks);
        if (cluster.applied.length === 0) return undefined;
        const conditions =
          cluster.job === undefined
            ? []
            : [
                {
                  type: cluster.job === 'Complete' ? 'Complete' : 'Failed',
                  status: 'True',
                  reason: cluster.job === 'DeadlineExceeded' ? 'DeadlineExceeded' : 'BackoffLimitExceeded',
                  message: 'Job has reached the specified backoff limit',
                },
              ];
        return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' }, status: { conditions } };
      },
      list: async () => ({
        resourceVersion: '1',
        items:
          cluster.pod === undefined
            ? []
            : [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a-1' }, ...cluster.pod } satisfies KubeObject],
      }),
      apply: async (object: KubeObject) => {
        cluster.applied.push(object);
        return object;
      },
      readText: async () => cluster.log(),
      delete: async ({ name }: { readonly name: string }) => void cluster.deleted.push(name),
    } as Partial<KubeClient> as KubeClient, // these are all that Jobs need
    deleted: [],
    job: undefined,
    pod: undefined,
    log: () => '',
    looked: () => undefined,
    applied: [],
  };
  return cluster;
}

function ended(terminated: object): object {
  return { status: { containerStatuses: [{ imageID: 'tool@sha256:1', state: { terminated } }] } };
}

async function run(cluster: Cluster, more: Partial<JobRequest> = {}, stop = new AbortController()): Promise<JobEnd> {
  return runJob(
    {
      name: 'a',
      runId: 'r',
      timeoutSeconds: 60,
      reads: 'log',
      pod: { containers: [{ name: 'tool', image: 'tool:1' }] },
      ...more,
    },
    { client: cluster.client, namespace: 'agent', signal: stop.signal, everyMs: 5, logGraceMs: 40, startGraceMs: 40 },
  );
}

describe('runJob', () => {
  it('reads what the container printed, and which image it was', async () => {
    const cluster = startCluster();
    cluster.job = 'Complete';
    cluster.pod = ended({ exitCode: 0 });
    cluster.log = () => 'found';
    expect(await run(cluster)).toEqual({ kind: 'succeeded', output: 'found', image: 'tool@sha256:1' });
  });

  it('needs no log for last words', async () => {
    const cluster = startCluster();
    cluster.job = 'Complete';
    cluster.pod = ended({ exitCode: 0, message: 'reboot required\n' });
    cluster.log = () => {
      throw new KubeError('read log: no such container', { status: 500, reason: 'InternalError' });
    };
    expect(await run(cluster, { reads: 'last words' })).toMatchObject({ kind: 'succeeded', output: 'reboot required' });
  });

  it.each([404, 500, 502])(
    'asks again for a log that cannot be read for %d, and gives up in the end',
    async (status) => {
      const cluster = startCluster();
      cluster.job = 'Complete';
      cluster.pod = ended({ exitCode: 0 });
      let asked = 0;
      const unreadable = (): string => {
        asked++;
        throw new KubeError('read log: dial tcp 10.0.0.1:10250: no route', { status, reason: 'InternalError' });
      };
      cluster.log = unreadable;
      expect(await run(cluster)).toEqual({
        kind: 'failed',
        message: 'what it printed cannot be read: read log: dial tcp 10.0.0.1:10250: no route',
      });
      expect(asked).toBeGreaterThan(1);
      let tries = 0;
      cluster.log = () => (tries++ === 0 ? unreadable() : 'found');
      expect(await run(cluster)).toMatchObject({ kind: 'succeeded', output: 'found' });
    },
  );

  it('leaves it to its caller to try again while the API server is away', async () => {
    const cluster = startCluster();
    cluster.job = 'Complete';
    cluster.pod = ended({ exitCode: 0 });
    cluster.log = () => {
      throw new KubeError('read log: the API server does not answer', { status: 0, reason: 'Unreachable' });
    };
    await expect(run(cluster)).rejects.toThrow('does not answer');
  });

  it.each([
    {
      why: 'the last words of the container, without colours',
      pod: ended({ exitCode: 100, reason: 'Error', message: 'a\nb\n\u001b[31mdisk full\u001b[0m\nno space\nat all\n' }),
      message: 'it ended with exit code 100: disk full | no space | at all',
    },
    {
      why: 'what ended it',
      pod: ended({ exitCode: 137, reason: 'OOMKilled' }),
      message: 'it ended with exit code 137 (OOMKilled)',
    },
    {
      why: 'why its node refused the Pod',
      pod: { status: { phase: 'Failed', reason: 'OutOfpods', message: 'Node did not have enough capacity' } },
      message: 'OutOfpods: Node did not have enough capacity',
    },
    {
      why: 'what the Job says, without a Pod',
      pod: undefined,
      message: 'Job has reached the specified backoff limit',
    },
  ])('says of one that failed $why', async ({ pod, message }) => {
    const cluster = startCluster();
    cluster.job = 'Failed';
    cluster.pod = pod;
    expect(await run(cluster)).toEqual({ kind: 'failed', message });
  });

  it.each([
    {
      pod: {
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }],
        },
      },
      waited: '0/3 nodes are available',
    },
    {
      pod: {
        status: { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] },
      },
      waited: 'ContainerCreating',
    },
    { pod: { status: { phase: 'Pending' } }, waited: 'its node has not begun with it' },
  ])('says of one whose time is over what it waited for: $waited', async ({ pod, waited }) => {
    const cluster = startCluster();
    cluster.pod = pod;
    cluster.looked = (times) => {
      if (times < 3) return;
      cluster.job = 'DeadlineExceeded';
      // With the time the Pod goes.
      cluster.pod = undefined;
    };
    expect(await run(cluster)).toEqual({
      kind: 'failed',
      message: `it did not end in the time that it is given; it waited for its start: ${waited}`,
    });
  });

  it.each([
    {
      pod: {
        status: { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull', message: 'no such tag' } } }] },
      },
      message: 'its container cannot start: ErrImagePull: no such tag',
    },
    { pod: undefined, message: 'the Job did not end in time: nothing in this cluster carries Jobs out' },
  ])('removes a Job that it gives up, so that it does not begin later: $message', async ({ pod, message }) => {
    const cluster = startCluster();
    cluster.pod = pod;
    expect(await run(cluster, { timeoutSeconds: pod === undefined ? 0 : 60 })).toEqual({ kind: 'failed', message });
    expect(cluster.deleted).toEqual(['a']);
  });

  it('leaves a Job where it is that has failed by itself', async () => {
    const cluster = startCluster();
    cluster.job = 'Failed';
    expect(await run(cluster)).toMatchObject({ kind: 'failed' });
    expect(cluster.deleted).toEqual([]);
  });

  it('removes a Job that is cancelled, and leaves it where only the agent stops', async () => {
    for (const [reason, deleted] of [
      [new Cancelled(), ['a']],
      [new Error('the agent stops'), []],
    ] as const) {
      const cluster = startCluster();
      const stop = new AbortController();
      const end = run(cluster, {}, stop);
      stop.abort(reason);
      await expect(end).rejects.toBe(reason);
      expect(cluster.deleted).toEqual(deleted);
    }
  });
});

describe('jobName', () => {
  it('stays with its target, whatever other targets there are', () => {
    const run = 'c0ffee00-0000-4000-8000-000000000000';
    expect(jobName('patch', run, 'node-a')).toBe(jobName('patch', run, 'node-a'));
    expect(jobName('patch', run, 'node-a')).not.toBe(jobName('patch', run, 'node-b'));
    expect(jobName('patch', run, 'x'.repeat(253))).toMatch(/^patch-[0-9a-f]{16}$/);
  });
});

describe('removeJobNamespace', () => {
  it.each([
    { labels: { 'palette-iac.dev/part': 'jobs' }, removed: ['agent-jobs'] },
    { labels: {}, removed: [] },
  ])('removes only what the agent made: $labels', async ({ labels, removed }) => {
    const deleted: string[] = [];
    const client: Partial<KubeClient> = {
      get: async ({ name }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }),
      delete: async ({ name }) => void deleted.push(name),
    };
    await removeJobNamespace(client as KubeClient, 'agent', { signal: new AbortController().signal }); // calls no other
    expect(deleted).toEqual(removed);
  });
});
