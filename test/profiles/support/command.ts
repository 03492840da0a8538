/** The command line inside of this process, with what it printed. */
import { jest } from '@jest/globals';

import { runCommandLine } from '#cli/program';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function palette(...args: readonly string[]): Promise<Outcome> {
  const collected = { out: '', err: '' };
  const into = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    collected[stream] += String(text);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(into('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(into('err')),
  ];
  try {
    const code = await runCommandLine(args);
    return { code, ...collected };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
