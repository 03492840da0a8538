import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isExcepted, isLoopback } from './no-proxy.ts';

describe('isExcepted', () => {
  it.each([
    { name: 'nothing in an empty list', host: 'plane.test', list: '', want: false },
    { name: 'everything by a star', host: 'plane.test', list: '*', want: true },
    { name: 'a name', host: 'plane.test', list: 'a.test, plane.test', want: true },
    { name: 'a name in a list joined by spaces', host: 'plane.test', list: 'a.test plane.test', want: true },
    { name: 'a name whatever its case', host: 'Plane.Test', list: 'PLANE.test', want: true },
    { name: 'a full name with its last dot', host: 'plane.test.', list: 'plane.test', want: true },
    { name: 'what is below a name', host: 'eu.plane.test', list: 'plane.test', want: true },
    { name: 'what is below a suffix', host: 'eu.plane.test', list: '.plane.test', want: true },
    { name: 'what is below a star', host: 'eu.plane.test', list: '*.plane.test', want: true },
    { name: 'not what only ends alike', host: 'xplane.test', list: 'plane.test', want: false },
    { name: 'not what is above', host: 'test', list: 'plane.test', want: false },
    { name: 'a name with the port', host: 'plane.test', list: 'plane.test:443', want: true },
    { name: 'not another port', host: 'plane.test', list: 'plane.test:8443', want: false },
    { name: 'an address', host: '10.1.2.3', list: '10.1.2.3', want: true },
    { name: 'not another address', host: '10.1.2.3', list: '10.1.2.4', want: false },
    { name: 'a range', host: '10.1.2.3', list: '10.0.0.0/8', want: true },
    { name: 'not outside of a range', host: '11.1.2.3', list: '10.0.0.0/8', want: false },
    { name: 'the range of everything', host: '11.1.2.3', list: '0.0.0.0/0', want: true },
    { name: 'no name by a range', host: 'plane.test', list: '0.0.0.0/0', want: false },
    { name: 'no address by a suffix', host: '10.1.2.3', list: '.3', want: false },
    { name: 'an IPv6 address', host: 'fd00::1', list: 'fd00:0:0::1', want: true },
    { name: 'an IPv6 address in brackets', host: '[fd00::1]', list: '[fd00::1]:443', want: true },
    { name: 'not another port of it', host: 'fd00::1', list: '[fd00::1]:8443', want: false },
    { name: 'an IPv6 range', host: 'fd00::1', list: 'fd00::/8', want: true },
    { name: 'no IPv4 address by an IPv6 range', host: '10.1.2.3', list: '::/0', want: false },
    {
      name: 'nothing by a range that is none',
      host: '10.1.2.3',
      list: '10.0.0.0/33,10.0.0.0/x,10.0.0.0/',
      want: false,
    },
  ])('covers $name', ({ host, list, want }) => {
    expect(isExcepted({ host, port: 443 }, list)).toBe(want);
  });

  it('reads whatever list it is given', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()), (list, host) => {
        expect(typeof isExcepted({ host, port: 443 }, list)).toBe('boolean');
      }),
    );
  });

  it('excepts every address by itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (host) => {
        expect(isExcepted({ host, port: 443 }, host)).toBe(true);
      }),
    );
  });
});

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['a.localhost', true],
    ['127.0.0.2', true],
    ['[::1]', true],
    ['10.0.0.1', false],
    ['127.test', false],
  ])('of %s is %s', (host, want) => {
    expect(isLoopback(host)).toBe(want);
  });
});
