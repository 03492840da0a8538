import { describe, expect, it } from '@jest/globals';

import { evaluateMacro } from './evaluate.ts';

const context = {
  system: { 'kubernetes.version': '1.33.4', 'cluster.name': 'Edge Site-7' },
  macros: {},
  variables: { n: '3', empty: '', text: 'hello world' },
  packs: {},
};

function value(expression: string): string {
  const evaluated = evaluateMacro(expression, context);
  return evaluated.kind === 'value' ? evaluated.text : `${evaluated.kind}: ${evaluated.message}`;
}

describe('functions of macros', () => {
  it('go through long lists fast', () => {
    const big = Array.from({ length: 20_000 }, (_, index) => String(index)).join(',');
    const started = performance.now();
    const found = evaluateMacro('.spectro.var.big | splitList "," | uniq | len', { ...context, variables: { big } });
    expect(found).toMatchObject({ text: '20000' });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
  it.each([
    ['.spectro.system.kubernetes.version | substr 0 4', '1.33'],
    ['.spectro.system.kubernetes.version | splitList "." | first', '1'],
    ['index (.spectro.system.kubernetes.version | splitList ".") 1', '33'],
    ['.spectro.system.kubernetes.version | splitList "." | initial | join "."', '1.33'],
    ['.spectro.system.kubernetes.version | semverCompare ">=1.30.0, <2"', 'true'],
    ['ternary "new" "old" (semverCompare "<1.30" .spectro.system.kubernetes.version)', 'old'],
    ['.spectro.system.cluster.name | kebabcase', 'edge-site-7'],
    ['.spectro.system.cluster.name | snakecase', 'edge_site_7'],
    ['.spectro.system.cluster.name | camelcase', 'EdgeSite7'],
    ['.spectro.system.cluster.name | nospace | lower | trunc 6 | trimSuffix "i"', 'edges'],
    ['.spectro.var.text | title | replace " " "-"', 'Hello-World'],
    ['.spectro.var.text | abbrev 8', 'hello...'],
    ['.spectro.var.text | initials', 'hw'],
    ['.spectro.var.text | contains "world"', 'true'],
    ['.spectro.var.text | hasPrefix "world"', 'false'],
    ['.spectro.var.text | hasSuffix "world"', 'true'],
    ['.spectro.var.text | regexMatch "^h.*d$"', 'true'],
    ['.spectro.var.text | sha256sum | trunc 8', 'b94d27b9'],
    ['.spectro.var.text | b64enc | b64dec', 'hello world'],
    ['printf "%s-%05d-%q-%.2f%%" .spectro.var.text 42 "x" 1.5', 'hello world-00042-"x"-1.50%'],
    ['printf "%-6s|%6s" "ab" "cd"', 'ab    |    cd'],
    ['cat "a" 1 true', 'a 1 true'],
    ['.spectro.var.n | int | add 1', '4'],
    ['mul 2 3 4', '24'],
    ['div 7 2', '3'],
    ['mod 7 2', '1'],
    ['max 1 9 3', '9'],
    ['sub 1 9', '-8'],
    ['gt (int .spectro.var.n) 2', 'true'],
    ['eq .spectro.var.n "3"', 'true'],
    ['and true .spectro.var.text', 'hello world'],
    ['or .spectro.var.empty "other"', 'other'],
    ['not .spectro.var.empty', 'true'],
    ['empty .spectro.var.undefined', 'true'],
    ['coalesce .spectro.var.undefined .spectro.var.empty "last"', 'last'],
    ['.spectro.var.undefined | default "fallback"', 'fallback'],
    ['list "b" "a" "b" | uniq | sortAlpha | join ","', 'a,b'],
    ['list 1 2 3 | last', '3'],
    ['list "a" "b" | has "b"', 'true'],
    ['has "b" (list "a" "b")', 'true'],
    ['list "a" "b" | toJson', '["a","b"]'],
    ['list "a" "b"', '[a b]'],
    ['len .spectro.var.text', '11'],
    ['.spectro.var.text | indent 2', '  hello world'],
  ])('%s', (expression, want) => {
    expect(value(expression)).toBe(want);
  });
  it.each([
    [
      'randAlphaNum 8',
      /invalid: the function "randAlphaNum" cannot be used in a macro: it gives something else each time/,
    ],
    ['env "HOME"', /it reads the machine/],
    ['lookup "v1" "Secret" "" ""', /belongs to Helm/],
    ['.spectro.var.text | repeat 100000', /repeat: the text would have more than 65536 characters/],
    ['div 1 0', /div: division by zero/],
    ['.spectro.var.text | add 1', /add: expected a whole number, found "hello world"/],
    ['gt 1 "a"', /different kinds/],
    ['index (list 1) 4', /the list has no item 4/],
    ['first "a"', /expected a list/],
    ['regexMatch "(" "a"', /none that can be read/],
    ['regexMatch "^(a+)+$" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX"', /too slow/],
    ['printf "%z" 1', /%z is not known/],
    ['printf "%s"', /no argument for %s/],
    ['semverCompare "x y" "1.0.0"', /no range of versions/],
    ['coalesce .spectro.var.undefined', /unknown: unknown profile variable "undefined"/],
    ['trunc 1', /takes 2 arguments/],
    ['coalesce', /takes at least 1 arguments/],
    ['mul 9007199254740991 3', /no whole number that can be told exactly/],
    ['join (repeat 60000 .spectro.var.n) (splitList "" (repeat 60000 "b")) | len', /the text would have more than/],
    [`list ${'(repeat 60000 "a") '.repeat(20)} | toString`, /the text has more than/],
  ])('%s is told', (expression, want) => {
    expect(value(expression)).toMatch(want);
  });
});
