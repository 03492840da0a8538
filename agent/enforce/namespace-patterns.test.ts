import { describe, expect, it } from '@jest/globals';

import type { KubeObject } from '#kubernetes/object';
import { expandPatterns } from './namespace-patterns.ts';

const quota = (namespace: string, name = 'palette-quota'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name, namespace },
  spec: { of: namespace },
});

describe('objects for all namespaces of a pattern', () => {
  it('are made in each that matches but Kubernetes’ own; what is written down for one goes before, earlier before later', () => {
    const made = expandPatterns(
      [quota('/team-.*/'), quota('/.*/'), quota('team-b')],
      ['kube-system', 'shop', 'team-a', 'team-b'],
    );
    const of = Object.fromEntries(made.map(({ metadata, spec }) => [metadata.namespace, spec]));
    expect(of).toEqual({ 'team-a': { of: '/team-.*/' }, 'team-b': { of: 'team-b' }, shop: { of: '/.*/' } });
  });

  it('are bounded', () => {
    const many = Array.from({ length: 5_001 }, (_, at) => `n-${at}`);
    expect(expandPatterns([quota('/n-.*/')], many.slice(1))).toHaveLength(5_000);
    expect(() => expandPatterns([quota('/n-.*/')], many)).toThrow(
      'namespace /n-.*/: with it, patterns would make more than 5000 objects',
    );
  });
});
