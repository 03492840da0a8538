import { describe, expect, it } from '@jest/globals';

import { enabledPresets, PresetsFile, withoutPresetPaths } from './presets.ts';

describe('presets', () => {
  it('named in the header of values are found', () => {
    expect(
      enabledPresets('# spectrocloud.com/enabled-presets: Backend:disable-api, OOB Examples:Fleet agents\npack: {}\n'),
    ).toEqual([
      { group: 'Backend', name: 'disable-api' },
      { group: 'OOB Examples', name: 'Fleet agents' },
    ]);
    expect(enabledPresets('pack: {}')).toEqual([]);
  });
  it('take paths out', () => {
    const preset = { name: 'p', displayName: '', group: 'g', remove: ['charts.x.a', 'charts.none'], add: '' };
    expect(withoutPresetPaths({ charts: { x: { a: { old: 1 }, b: 2 } } }, preset)).toEqual({ charts: { x: { b: 2 } } });
  });
  it('may be none at all', () => {
    expect(PresetsFile.parse(null)).toEqual({ presets: [] });
    expect(PresetsFile.parse({ presets: null })).toEqual({ presets: [] });
  });
});
