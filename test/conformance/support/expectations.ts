import { expect } from '@jest/globals';

/** Expectations of values that nobody can know before. They are matched by Jest, so their type is that of what they stand for. */
export const any = {
  /** 24 hexadecimal digits. */
  identifier: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
  text: expect.stringMatching(/./) as unknown,
  like: (part: object): unknown => expect.objectContaining(part), // as: any object has string keys
};
