import { describe, expect, it } from '@jest/globals';

import { parseChallenge } from './oci-auth.ts';

describe('what a registry asks for', () => {
  it.each([
    ['Basic realm="x"', { kind: 'basic' }],
    [
      'Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a/b:pull"',
      {
        kind: 'bearer',
        realm: 'https://auth.example.com/token',
        service: 'registry',
        scope: 'repository:a/b:pull',
      },
    ],
    [
      'bearer Realm="https://auth.example.com/token"',
      {
        kind: 'bearer',
        realm: 'https://auth.example.com/token',
        service: '',
        scope: '',
      },
    ],
    ['Bearer service="no realm"', undefined],
    ['Negotiate', undefined],
    ['', undefined],
  ])('%s', (header, expected) => {
    expect(parseChallenge(header)).toEqual(expected);
  });
});
