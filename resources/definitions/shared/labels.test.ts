import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { labelsToTags, tagsToLabels } from './labels.ts';

describe('tagsToLabels', () => {
  it.each([
    { name: 'a key and a value', tags: ['team:infra'], labels: { team: 'infra' } },
    { name: 'a bare tag', tags: ['production'], labels: { production: 'spectro__tag' } },
    { name: 'a value with colons in it', tags: ['image:registry:5000/app'], labels: { image: 'registry:5000/app' } },
    { name: 'an empty value', tags: ['empty:'], labels: { empty: '' } },
    { name: 'no tags at all', tags: null, labels: {} },
  ])('reads $name', ({ tags, labels }) => {
    expect(tagsToLabels(tags)).toEqual(labels);
  });
});

describe('labelsToTags', () => {
  it('gives back the tags that made the labels', () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9./-]{0,8}$/);
    const tag = fc.oneof(
      part,
      fc.tuple(part, fc.stringMatching(/^[a-z0-9:]{1,8}$/)).map(([key, value]) => `${key}:${value}`),
    );
    fc.assert(
      fc.property(fc.uniqueArray(tag, { selector: (text) => text.split(':')[0] }), (tags) => {
        expect(labelsToTags(tagsToLabels(tags))).toEqual(tags.toSorted());
      }),
    );
  });

  it('is empty without labels', () => {
    expect(labelsToTags(undefined)).toEqual([]);
  });
});
