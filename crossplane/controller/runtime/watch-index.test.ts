import { describe, expect, it } from '@jest/globals';

import { createWatchIndex } from './watch-index.ts';

const watch = (uid: string, realm = 'one') => ({ realm, external: { type: 'project', uid } });

describe('the index of what is watched', () => {
  it('finds whom an event concerns, in its own account only', () => {
    const index = createWatchIndex();
    index.set('a', watch('p1'));
    index.set('b', watch('p1'));
    index.set('c', watch('p1', 'two'));
    expect(index.keysOf('one', { type: 'project', uid: 'p1' })).toEqual(['a', 'b']);
    expect(index.keysOf('one', { type: 'macros', uid: 'p1' })).toEqual([]);
    expect(index.keysIn('two')).toEqual(['c']);
  });

  it('forgets what an object stood for before', () => {
    const index = createWatchIndex();
    index.set('a', watch('p1'));
    index.set('a', watch('p2'));
    expect(index.keysOf('one', { type: 'project', uid: 'p1' })).toEqual([]);
    index.set('a', undefined);
    expect(index.keysIn('one')).toEqual([]);
    expect(index.watchOf('a')).toBeUndefined();
  });
});
