import { describe, expect, it } from '@jest/globals';

import { createHclog } from './hclog.ts';
import { guardProcess } from './guard-process.ts';

function guarded() {
  const listeners = new Map<string, (thrown: unknown) => void>();
  const errors: string[] = [];
  const exits: number[] = [];
  const console = { log: () => undefined, info: () => undefined } as unknown as Console; // as: only what is replaced counts
  guardProcess({
    process: {
      on: (event, listener) => listeners.set(event, listener),
      exit: (code) => {
        exits.push(code);
        return undefined as never; // as: the test goes on where a process would end
      },
    },
    console,
    log: createHclog({ level: 'debug', write: (line) => errors.push(line) }),
    writeError: (text) => errors.push(text),
    onExit: () => errors.push('cleaned up'),
  });
  return { listeners, errors, exits, console };
}

describe('a guarded process', () => {
  it.each(['uncaughtException', 'unhandledRejection'])(
    'tells an %s in the form that Terraform shows, cleans up and ends with 2',
    (event) => {
      const { listeners, errors, exits } = guarded();
      listeners.get(event)?.(new Error('lost'));
      expect(errors[0]).toMatch(/^panic: lost\n\nError: lost\n +at /);
      expect([errors[1], exits]).toEqual(['cleaned up', [2]]);
    },
  );

  it('logs what a library writes to the console', () => {
    const { console, errors } = guarded();
    console.log('{"@level":5}', 7);
    expect(JSON.parse(errors[0] ?? '')).toMatchObject({ '@level': 'debug', text: '{"@level":5} 7' });
  });

  it('logs warnings, and lives through an interrupt', () => {
    const { listeners, errors, exits } = guarded();
    listeners.get('warning')?.(new Error('old'));
    listeners.get('SIGINT')?.(undefined);
    expect([errors.length, exits]).toEqual([1, []]);
  });
});
