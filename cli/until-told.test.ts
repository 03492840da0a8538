import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { untilTold } from './until-told.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a process that is told to end', () => {
  it.each([
    { who: 'by a person', options: {}, exits: 1 },
    // A terminal and a service manager tell the whole group, and the launcher tells its child besides.
    { who: 'by what started it', options: { isChild: true }, exits: 0 },
  ])('$who twice ends at once $exits times', ({ options, exits }) => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const { signal, forget } = untilTold(options);
    process.emit('SIGTERM');
    expect(signal.aborted).toBe(true);
    process.emit('SIGTERM');
    forget();
    expect(exit).toHaveBeenCalledTimes(exits);
  });
});
