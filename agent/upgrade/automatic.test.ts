import { describe, expect, it } from '@jest/globals';

import type { AgentRelease, DayTwo } from '#protocol/actions';
import { ContentDigest } from '#protocol/identifiers';

import { automaticUpgrade } from './automatic.ts';

const release: AgentRelease = {
  version: '0.2.0',
  content: ContentDigest.parse(`sha256:${'a'.repeat(64)}`),
  signature: 'c2lnbmF0dXJl',
};
const dayTwo: DayTwo = {
  timezone: 'UTC',
  windows: [],
  schedules: [],
  backupLocations: [],
  agentUpgrades: 'automatic',
  agentRelease: release,
};
const running = { version: '0.1.0', canUpgrade: true, goneBackFrom: undefined, runs: [] };

describe('an upgrade that the desired state asks for', () => {
  it('begins where another version runs', () => {
    expect(automaticUpgrade(dayTwo, running)).toMatchObject({ action: { spec: { release } } });
  });

  it.each([
    { name: 'that version runs', ...running, version: '0.2.0' },
    { name: 'this agent cannot replace itself', ...running, canUpgrade: false },
    { name: 'it was gone back from: it would come and go for ever', ...running, goneBackFrom: release.content },
  ])('does not begin where $name', ({ name: _, ...state }) => {
    expect(automaticUpgrade(dayTwo, state)).toBeUndefined();
  });

  it('does not begin while upgrades are paused', () => {
    expect(automaticUpgrade({ ...dayTwo, agentUpgrades: 'paused' }, running)).toBeUndefined();
  });

  it('is another run once the release ran, and another one since', () => {
    const done = { action: { type: 'upgrade-agent', spec: { release } }, phase: 'done' } as const;
    const first = automaticUpgrade(dayTwo, running);
    expect(automaticUpgrade(dayTwo, { ...running, runs: [{ ...done, phase: 'failed' }] })?.runId).toBe(first?.runId);
    expect(automaticUpgrade(dayTwo, { ...running, runs: [done] })?.runId).not.toBe(first?.runId);
  });
});
