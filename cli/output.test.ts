import { describe, expect, it } from '@jest/globals';

import { formatTable } from './output.ts';

describe('formatTable', () => {
  it('aligns columns and leaves no blanks at the ends of lines', () => {
    expect(
      formatTable(
        ['name', 'state'],
        [
          ['a', 'Running'],
          ['longer', ''],
        ],
        'none',
      ),
    ).toBe('NAME     STATE\na        Running\nlonger');
  });
  it('says so when there is nothing', () => {
    expect(formatTable(['name'], [], 'no clusters')).toBe('no clusters');
  });
});
