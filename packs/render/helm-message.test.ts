import { describe, expect, it } from '@jest/globals';

import { parseHelmMessage } from './helm-message.ts';

describe('what Helm says', () => {
  it.each([
    {
      name: 'a template that cannot be parsed',
      text: 'Error: parse error at (hello/templates/a.yaml:14): unexpected EOF\n',
      want: {
        file: 'templates/a.yaml',
        line: 14,
        message: 'parse error at (hello/templates/a.yaml:14): unexpected EOF',
      },
    },
    {
      name: 'a value that is nil: the innermost place counts',
      text: 'Error: template: hello/templates/a.yaml:3:8: executing "hello/templates/a.yaml" at <include "x" .>: error calling include: template: hello/templates/_helpers.tpl:5:12: executing "x" at <.Values.a.b>: nil pointer evaluating interface {}.b\n\nUse --debug flag to render out invalid YAML\n',
      want: { file: 'templates/_helpers.tpl', line: 5, column: 12 },
    },
    {
      name: 'a chart that asks for a value',
      text: 'Error: execution error at (a/templates/secret.yaml:13:24): key is required',
      want: { file: 'templates/secret.yaml', line: 13, column: 24 },
    },
    {
      name: 'output that is no YAML',
      text: 'Error: YAML parse error on hello/templates/a.yaml: error converting YAML to JSON: yaml: line 5: did not find expected key',
      want: { file: 'templates/a.yaml', message: expect.stringContaining('line 5') as unknown as string },
    },
    {
      name: 'warnings before the error',
      text: '2024/01/02 03:04:05 warning: skipped value\nWARNING: Kubernetes configuration\nError: boom',
      want: { message: 'boom' },
    },
    { name: 'nothing at all', text: '', want: { message: 'helm failed and did not say why' } },
  ])('$name', ({ text, want }) => {
    expect(parseHelmMessage(text)).toMatchObject(want);
  });

  it.each(['a', 'a/', 'a/b.'])('is taken apart fast, also when a chart says %j without end', (part) => {
    const started = performance.now();
    parseHelmMessage(part.repeat(Math.ceil(128_000 / part.length)));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
