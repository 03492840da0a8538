import { expect } from '@jest/globals';

/** Expectations of strings that nobody can know before. They are matched by Jest; their type is that of what they stand for. */
const standsFor = (matcher: unknown): string => matcher as string; // as: see above

export const any = {
  /** 24 hexadecimal digits. */
  identifier: standsFor(expect.stringMatching(/^[0-9a-f]{24}$/)),
  text: standsFor(expect.stringMatching(/./)),
  matching: (pattern: RegExp): string => standsFor(expect.stringMatching(pattern)),
};
