import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { maskedLog } from './masked-log.ts';

describe('a log that masks', () => {
  it('takes secrets out of errors, of what caused them, and of their stacks, also as a child', () => {
    const said: object[] = [];
    const log = maskedLog(
      {
        ...silentLogger,
        warn: (fields) => said.push(fields),
        child: () => ({ ...silentLogger, warn: (fields) => said.push(fields) }),
      },
      (text) => text.replaceAll('hunter2', '(sensitive)'),
    );
    const err = new Error('outer hunter2', { cause: new TypeError('inner hunter2') });
    log.warn({ err, other: 1 }, 'failed');
    log.child({}).warn({ err }, 'failed');
    expect(said).toHaveLength(2);
    expect(JSON.stringify(said)).not.toContain('hunter2');
    expect(said[0]).toMatchObject({
      other: 1,
      err: { type: 'Error', message: 'outer (sensitive)', cause: { type: 'TypeError', message: 'inner (sensitive)' } },
    });
  });
});
