import { describe, expect, it } from '@jest/globals';

import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';

import { keyOf } from './object-key.ts';
import { rememberWrites } from './own-writes.ts';

function at(resourceVersion: string): KubeObject {
  return {
    apiVersion: 'm.palette-iac.dev/v1alpha1',
    kind: 'Project',
    metadata: { name: 'x', namespace: 'n', resourceVersion },
  };
}

function remembering(written: string, concerns = true) {
  const client: Pick<KubeClient, 'mergePatch'> = { mergePatch: async () => at(written) };
  // as: nothing else is called
  const writes = rememberWrites(client as KubeClient, () => concerns);
  const { signal } = new AbortController();
  const patch = async () =>
    writes.kube.mergePatch(
      { apiVersion: 'm.palette-iac.dev/v1alpha1', kind: 'Project', name: 'x', namespace: 'n' },
      {},
      { signal },
    );
  return { ...writes, patch };
}

const key = keyOf(at('0'));

describe('own writes', () => {
  it.each([
    { name: 'what is older', heard: '9', want: true },
    { name: 'what was written', heard: '10', want: false },
    { name: 'what is newer', heard: '11', want: false },
  ])('tell of $name whether it is outdated: $want', async ({ heard, want }) => {
    const { patch, isOutdated } = remembering('10');
    await patch();
    expect(isOutdated(key, at(heard))).toBe(want);
  });

  it('need not be remembered once they were heard of', async () => {
    const { patch, isOutdated } = remembering('10');
    await patch();
    expect(isOutdated(key, at('10'))).toBe(false);
    expect(isOutdated(key, at('9'))).toBe(false);
  });

  it('of other kinds are of no concern', async () => {
    const { patch, isOutdated } = remembering('10', false);
    await patch();
    expect(isOutdated(key, at('9'))).toBe(false);
  });
});
