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
  it('lets no cell steer the terminal', () => {
    expect(formatTable(['name'], [['a\u001b[2J'], ['b\rc']], 'none')).toBe('NAME\na\\u001b[2J\nb\\u000dc');
  });
  it('says so when there is nothing', () => {
    expect(formatTable(['name'], [], 'no clusters')).toBe('no clusters');
  });
});
