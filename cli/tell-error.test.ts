import { describe, expect, it } from '@jest/globals';

import { ApiError } from '#openapi/client/errors';

import { CliError } from './cli-error.ts';
import { tellError } from './tell-error.ts';

const tell = (error: unknown, env = {}) => {
  let text = '';
  const exitCode = tellError(error, (part) => (text += part), env);
  return { text, exitCode };
};

describe('tellError', () => {
  it.each([
    {
      name: 'what was wrong and what to do',
      error: new CliError('no key', { hint: 'Set one.' }),
      want: { text: 'error: no key\nSet one.\n', exitCode: 1 },
    },
    {
      name: 'the exit code that the failure asks for',
      error: new CliError('no such file', { exitCode: 2 }),
      want: { text: 'error: no such file\n', exitCode: 2 },
    },
    {
      name: 'a hint once only',
      error: Object.assign(new Error('refused. Check the host.'), { hint: 'Check the host.' }),
      want: { text: 'error: refused. Check the host.\n', exitCode: 1 },
    },
    {
      name: 'what an API said before which call it was',
      error: new ApiError({
        code: 'ResourceNotFound',
        status: 404,
        reason: "action 'nightly' was not found",
        method: 'GET',
        path: '/v1/actions/nightly',
        requestId: 'r1',
        hint: 'Look at the list.',
      }),
      want: {
        text: "error: action 'nightly' was not found\nLook at the list.\n(404 ResourceNotFound, GET /v1/actions/nightly, request r1)\n",
        exitCode: 1,
      },
    },
    { name: 'what is no Error at all', error: 'oops', want: { text: 'error: oops\n', exitCode: 1 } },
  ])('tells $name, without a stack trace', ({ error, want }) => {
    expect(tell(error)).toEqual(want);
  });

  it('adds the stack when it is asked for', () => {
    expect(tell(new Error('boom'), { PALETTE_DEBUG: '1' }).text).toMatch(/at .*tell-error\.test/);
  });
});
