import { describe, expect, it } from '@jest/globals';

import type { KubeObject } from '#kubernetes/object';

import { distributionOf, refusePlayed } from './nodes.ts';

function node(name: string, { annotations = {}, version = 'v1.34.2' } = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, annotations },
    status: { nodeInfo: { kubeletVersion: version } },
  };
}

describe('refusePlayed', () => {
  it('refuses nodes that are nothing but objects, and no others', () => {
    const played = node('fake-0', { annotations: { 'kwok.x-k8s.io/node': 'fake' } });
    expect(() => refusePlayed([node('real'), played])).toThrow(
      'node fake-0 is played by kwok: there is no machine to work on',
    );
    expect(() => refusePlayed([node('real')])).not.toThrow();
  });
});

describe('distributionOf', () => {
  it.each([
    { version: 'v1.34.2', is: 'kubeadm' },
    { version: 'v1.34.2+k3s1', is: 'k3s' },
    { version: 'v1.34.2+rke2r1', is: 'rke2' },
    { version: '', is: 'kubeadm' },
  ])('reads $is from "$version"', ({ version, is }) => {
    expect(distributionOf(node('n', { version }))).toBe(is);
  });
});
