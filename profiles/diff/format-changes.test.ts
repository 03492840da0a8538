import { describe, expect, it } from '@jest/globals';

import { findingLine } from '../policy/format-findings.ts';
import { fieldLines, objectLines } from './format-changes.ts';

const ESCAPE = '\u001b[2J';
const object = { apiVersion: 'v1', kind: 'ConfigMap', name: `c${ESCAPE}` };

describe('changes in lines', () => {
  it.each([
    { name: 'a text of several lines', lines: fieldLines([{ path: 'data', before: 'a\n1', after: `a\n${ESCAPE}` }]) },
    { name: 'a value', lines: fieldLines([{ path: 'data', before: 'a', after: '\u009b2J\u007f' }]) },
    { name: 'a path', lines: fieldLines([{ path: `data${ESCAPE}`, after: 1 }]) },
    {
      name: 'the name of an object',
      lines: objectLines({ kind: 'created', layer: 'l', object, fields: [], restarts: false }),
    },
    {
      name: 'a finding',
      lines: [findingLine({ rule: 'r', severity: 'error', layer: 'l', object, message: `it says ${ESCAPE}` })],
    },
  ])('steer no terminal: $name', ({ lines }) => {
    expect(lines.join('\n')).toMatch(/\\u00(1b|9b)/);
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
