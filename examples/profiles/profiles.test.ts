/** `palette profile test --packs packs --packs ../packs` runs this with the Jest of this folder. */
import { describe, expect, it } from '@jest/globals';
import { render, snapshotOf } from 'palette-iac/profiles/testing';

import { guests, site } from './profiles.ts';

describe('the guests', () => {
  it('greet as often as the cluster says', async () => {
    await expect(guests).toRenderObject('Deployment hello/hello-chart', { spec: { replicas: 2 } });
    const rendered = await render(guests, { variables: { replicas: '5' }, system: { 'cluster.name': 'edge-1' } });
    expect(rendered).toRenderObject('Deployment hello/hello-chart', { spec: { replicas: 5 } });
  });

  it('bring nothing for the node', async () => {
    expect(Object.keys(snapshotOf(await render(guests))).filter((name) => name.includes('DaemonSet'))).toEqual([]);
  });
});

describe('every profile', () => {
  it.each([
    ['site', site],
    ['guests', guests],
  ])('%s keeps its policies', async (_name, profile) => {
    await expect(profile).toPassPolicy();
  });
});
