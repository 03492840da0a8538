import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { bodyOf, subjectOf, type AlertMessage } from './message.ts';

const ALERT: AlertMessage = {
  uid: 'u1',
  component: 'ClusterHealth',
  severity: 'error',
  reason: 'ClusterUnHealthy',
  message: 'it said "no"\nand left',
  clusterUid: 'c1',
  clusterName: 'berlin',
  projectUid: 'p1',
  projectName: 'Default',
  time: '2026-01-01T00:00:00.000Z',
};

describe('the body of a webhook', () => {
  it.each([
    { name: 'is sent as it is without places', template: '{"a": 1}', want: '{"a": 1}' },
    {
      name: 'has values in JSON as JSON',
      template: '{"text":"{{message}}"}',
      want: '{"text":"it said \\"no\\"\\nand left"}',
    },
    {
      name: 'has values in text as text',
      template: '{{ .clusterName }}: {{reason}}',
      want: 'berlin: ClusterUnHealthy',
    },
    {
      name: 'keeps places that it does not know',
      template: '{{password}} {{constructor}}',
      want: '{{password}} {{constructor}}',
    },
    { name: 'is the whole alert when there is none', template: ' ', want: JSON.stringify(ALERT) },
  ])('$name', ({ template, want }) => {
    expect(bodyOf(template, ALERT)).toBe(want);
  });

  it('stays JSON whatever the values are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const body = bodyOf('{"a":"{{message}}","b":["{{ .reason }}"]}', { ...ALERT, message });
        expect(JSON.parse(body)).toEqual({ a: message, b: ['ClusterUnHealthy'] });
      }),
    );
  });

  it('has no values of values', () => {
    expect(bodyOf('{{message}}', { ...ALERT, message: '{{uid}}' })).toBe('{{uid}}');
  });
});

describe('the subject of a mail', () => {
  it('is one line, whatever the cluster is called', () => {
    expect(subjectOf({ ...ALERT, clusterName: 'a\r\nBcc: x' })).toBe('[error] cluster a Bcc: x: ClusterUnHealthy');
  });
});
