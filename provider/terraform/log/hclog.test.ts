import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createHclog, logLevel } from './hclog.ts';

const lines: string[] = [];
const log = createHclog({
  level: 'trace',
  write: (line) => lines.push(line),
  now: () => new Date('2026-11-21T10:00:00.123Z'),
});
const last = (): unknown => JSON.parse(lines.at(-1) ?? 'null') as unknown;

describe('the log that Terraform reads', () => {
  it('has the time with six digits', () => {
    log.info({ resource: 'spectrocloud_project' }, 'applied');
    expect(last()).toEqual({
      '@level': 'info',
      '@message': 'applied',
      '@module': 'spectrocloud',
      '@timestamp': '2026-11-21T10:00:00.123000Z',
      resource: 'spectrocloud_project',
    });
  });

  it('never lets a field take the place of those that Terraform insists on', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('@level', '@message', '@timestamp', 'x'), fc.anything()), (fields) => {
        log.warn(fields, 'as it is');
        expect(last()).toMatchObject({ '@level': 'warn', '@message': 'as it is', '@timestamp': expect.any(String) });
      }),
    );
  });

  it('shows no secrets, at any depth', () => {
    log.error(
      { apiKey: 'hunter2', request: { headers: { Authorization: 'hunter2' } }, list: [{ password: 'hunter2' }] },
      'failed',
    );
    expect(lines.at(-1)).not.toContain('hunter2');
  });

  it.each([
    [{}, 'off'],
    [{ TF_LOG: 'JSON' }, 'trace'],
    [{ TF_LOG: 'INFO', TF_LOG_PROVIDER: 'debug' }, 'debug'],
    [{ TF_LOG: 'nonsense' }, 'off'],
  ])('takes its level from %j', (env, want) => {
    expect(logLevel(env)).toBe(want);
  });
});
