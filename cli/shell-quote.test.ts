import { execFileSync } from 'node:child_process';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { shellQuote } from './shell-quote.ts';

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));

describe('shellQuote', () => {
  it.each([
    { given: '127.0.0.1:8443', want: '127.0.0.1:8443' },
    { given: '', want: "''" },
    { given: "it's $(rm -rf /)", want: String.raw`'it'\''s $(rm -rf /)'` },
  ])('makes one word of $given', ({ given, want }) => {
    expect(shellQuote(given)).toBe(want);
  });

  it('means the same text to a shell, whatever is in it', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuote(value)}`], { encoding: 'utf8' })).toBe(value);
      }),
      { numRuns: 50 },
    );
  });
});
