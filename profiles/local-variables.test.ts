import { describe, expect, it } from '@jest/globals';

import { localVariables } from './local-variables.ts';

const size = {
  name: 'size',
  inputType: 'dropdown' as const,
  options: [{ value: 'small', label: 'Small', default: true }, { value: 'large' }],
};
const allow = { 'palette-iac.dev/local-variables': 'allow' };
const deny = { 'palette-iac.dev/local-variables': 'deny' };

describe('variables left to people at the cluster', () => {
  it.each([
    { name: 'are none unless a tag says so', cluster: {}, profile: {}, want: [] },
    { name: 'are those of a profile that says so', cluster: {}, profile: allow, want: ['size'] },
    { name: 'are those of every profile where the cluster says so', cluster: allow, profile: {}, want: ['size'] },
    { name: 'are none where the cluster denies them', cluster: deny, profile: allow, want: [] },
    { name: 'are not those of a profile that denies them', cluster: allow, profile: deny, want: [] },
  ])('$name', ({ cluster, profile, want }) => {
    const found = localVariables(cluster, [{ labels: profile, definitions: [size] }]);
    expect(found.map(({ name }) => name)).toEqual(want);
  });

  it('are by name, each once, without hidden ones and without defaults', () => {
    const found = localVariables(allow, [
      { definitions: [size, { name: 'b' }, { name: 'secret', hidden: true }] },
      { definitions: [{ name: 'size' }, { name: 'a', defaultValue: 'x' }] },
    ]);
    expect(found).toEqual([
      { name: 'a' },
      { name: 'b' },
      { name: 'size', inputType: 'dropdown', options: [{ value: 'small', label: 'Small' }, { value: 'large' }] },
    ]);
  });
});
