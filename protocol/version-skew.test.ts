import { describe, expect, it } from '@jest/globals';

import { versionSkew } from './version-skew.ts';

describe('which agents work with which planes', () => {
  it.each([
    { agent: '1.4.0', plane: '1.4.9', kind: 'supported' },
    { agent: '1.3.7', plane: '1.4.0', kind: 'supported' },
    { agent: '1.2.0', plane: '1.4.0', kind: 'supported' },
    { agent: '1.1.99', plane: '1.4.0', kind: 'agent too old' },
    { agent: '1.4.1', plane: '1.4.0', kind: 'supported' },
    { agent: '1.5.0', plane: '1.4.0', kind: 'agent too new' },
    { agent: '2.0.0', plane: '1.9.0', kind: 'agent too new' },
    { agent: '1.9.0', plane: '2.0.0', kind: 'supported' },
    { agent: '1.9.0', plane: '2.1.0', kind: 'agent too old' },
    { agent: '0.9.0', plane: '2.0.0', kind: 'agent too old' },
    { agent: 'v1.4.0-rc.1', plane: '1.4.0', kind: 'supported' },
    { agent: '', plane: '1.4.0', kind: 'unknown' },
    { agent: '1.4.0', plane: 'dev', kind: 'unknown' },
  ] as const)('agent $agent with plane $plane: $kind', ({ agent, plane, kind }) => {
    expect(versionSkew(agent, plane).kind).toBe(kind);
  });
});
