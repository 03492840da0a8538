import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';

import { Cancelled, type ActionContext } from './action.ts';
import { ActionImages } from './images.ts';
import { createPatchOs } from './patch-os.ts';

const patch = createPatchOs({
  images: ActionImages.parse({}),
  times: { drainMs: 50, readyMs: 50, settleMs: 0, everyMs: 1 },
});

function context(notes: Record<string, string>, signal: AbortSignal): ActionContext {
  const client: Partial<KubeClient> = {
    get: async ({ name }, how) => {
      how.signal.throwIfAborted();
      const conditions = [{ type: 'Ready', status: 'True' }];
      return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { conditions } } satisfies KubeObject;
    },
    list: async (_, how) => {
      how.signal.throwIfAborted();
      return { items: [], resourceVersion: '1' };
    },
  };
  const given: Partial<ActionContext> = {
    runId: 'c0ffee00-0000-4000-8000-000000000000',
    client: client as KubeClient,
    namespace: 'agent',
    notes,
    note: async () => undefined,
    progress: () => undefined,
    log: silentLogger,
    signal,
    ending: new AbortController().signal,
  };
  return given as ActionContext; // the others are not asked for here
}

describe('a patch', () => {
  it('is done when its last node is, even if it was cancelled meanwhile; counts outlive the agent', async () => {
    const notes = {
      nodes: 'a b c',
      'node/a': 'done',
      'restart/a': 'rebooted',
      'node/b': 'done',
      'restart/b': 'wanted',
      'node/c': 'worked',
      'cordon/c': 'found',
    };
    const { message, result } = await patch(
      { rebootIfRequired: true },
      context(notes, AbortSignal.abort(new Cancelled())),
    );
    expect(message).toBe('3 nodes are patched, 1 were restarted; these need a restart: b');
    expect(result).toEqual({ patched: 3, rebooted: 1, needRestart: ['b'], leftOut: [] });
  });

  it('needs images that may run before it touches anything', async () => {
    const pinned = createPatchOs({ images: ActionImages.parse({ pinnedOnly: true }) });
    await expect(pinned({ rebootIfRequired: true }, context({}, new AbortController().signal))).rejects.toThrow(
      'docker.io/library/busybox:1.37.0 is not',
    );
  });
});
