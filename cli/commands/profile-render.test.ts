import { describe, expect, it } from '@jest/globals';

import { folderNames } from './profile-render.ts';

describe('folders of rendered profiles', () => {
  it.each([
    { name: 'are called as the profile', given: ['shop 1.0.0', 'web 1.0.0'], want: ['shop', 'web'] },
    {
      name: 'hold one version each',
      given: ['shop 1.0.0', 'shop 1.1.0', 'web 1.0.0'],
      want: ['shop-1.0.0', 'shop-1.1.0', 'web'],
    },
    {
      name: 'hold one profile each, however alike their names',
      given: ['a/b 1.0.0', 'a:b 1.0.0'],
      want: ['a-b-1.0.0', 'a-b-1.0.0-1'],
    },
  ])('$name', ({ given, want }) => {
    const profiles = given.map((text) => ({ name: text.split(' ')[0] ?? '', version: text.split(' ')[1] ?? '' }));
    expect(folderNames(profiles)).toEqual(want);
  });
});
