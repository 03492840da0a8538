import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createLogger } from './log.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a log', () => {
  it('has one JSON object a line, and no secret', () => {
    const fd = openSync(join(dir, 'log'), 'w');
    createLogger({ fd })
      .child({ part: 'x' })
      .warn({ apiKey: 'k', nested: { token: 't' } }, 'something');
    closeSync(fd);
    expect(JSON.parse(readFileSync(join(dir, 'log'), 'utf8'))).toMatchObject({
      part: 'x',
      msg: 'something',
      apiKey: '[redacted]',
      nested: { token: '[redacted]' },
    });
  });

  it('that cannot be written, as on a disk that is full, stops nobody who writes to it', () => {
    writeFileSync(join(dir, 'read-only'), '');
    // Each write to it fails.
    const fd = openSync(join(dir, 'read-only'), 'r');
    const log = createLogger({ fd });
    for (let line = 0; line < 100; line++) expect(() => log.error({ line }, 'lost')).not.toThrow();
    closeSync(fd);
  });
});
