import { describe, expect, it } from '@jest/globals';

import { parseProxy, proxyFromEnv, proxyOf, proxySettingsFromEnv } from './proxy.ts';

describe('proxySettingsFromEnv', () => {
  it.each([
    { name: 'nothing', env: {}, want: {} },
    { name: 'upper case', env: { HTTPS_PROXY: 'http://a', https_proxy: 'http://b' }, want: { httpsProxy: 'http://a' } },
    {
      name: 'lower case',
      env: { https_proxy: 'http://b', no_proxy: 'c' },
      want: { httpsProxy: 'http://b', noProxy: 'c' },
    },
    { name: 'a proxy for everything', env: { ALL_PROXY: 'socks5://s' }, want: { httpsProxy: 'socks5://s' } },
    {
      name: 'the one for HTTPS before it',
      env: { ALL_PROXY: 'socks5://s', https_proxy: 'http://b' },
      want: { httpsProxy: 'http://b' },
    },
    {
      name: 'an empty variable as none',
      env: { HTTPS_PROXY: '', https_proxy: 'http://b' },
      want: { httpsProxy: 'http://b' },
    },
    { name: 'no proxy for plain HTTP', env: { HTTP_PROXY: 'http://a' }, want: {} },
  ])('reads $name', ({ env, want }) => {
    expect(proxySettingsFromEnv(env)).toEqual(want);
  });
});

describe('parseProxy', () => {
  it.each([
    ['http://proxy.test:3128', { kind: 'http', host: 'proxy.test', port: 3128, username: '', password: '' }],
    ['http://proxy.test', { kind: 'http', port: 80 }],
    ['https://proxy.test', { kind: 'https', port: 443 }],
    ['socks5://proxy.test', { kind: 'socks5', port: 1080 }],
    ['socks5h://[fd00::1]:1', { kind: 'socks5', host: 'fd00::1', port: 1 }],
    ['http://me:p%40ss@proxy.test', { username: 'me', password: 'p@ss' }],
    ['http://me:100%@proxy.test', { password: '100%' }],
  ])('reads %s', (text, want) => {
    expect(parseProxy(text)).toMatchObject(want);
  });

  it.each(['', 'proxy.test:3128', 'ftp://proxy.test', 'socks4://proxy.test', 'http://', 'socks5://me:s3cret@'])(
    'refuses %j and shows no password',
    (text) => {
      const parse = (): unknown => parseProxy(text);
      expect(parse).toThrow(/must be a URL such as http:\/\/proxy\.example\.com:3128/);
      expect(parse).not.toThrow(/s3cret/);
    },
  );
});

describe('proxyOf', () => {
  const settings = { httpsProxy: 'http://proxy.test:3128', noProxy: '10.0.0.0/8' };
  it.each([
    { name: 'a name', host: 'plane.test', want: 'proxy.test' },
    { name: 'what is excepted', host: '10.1.1.1', want: undefined },
    { name: 'this machine', host: '127.0.0.1', want: undefined },
  ])('for $name is $want', ({ host, want }) => {
    expect(proxyOf({ host, port: 443 }, settings)?.host).toBe(want);
  });
});

describe('proxyFromEnv', () => {
  const env = { HTTPS_PROXY: 'http://proxy.test:3128', NO_PROXY: 'other.test, plane.test:8443, 10.0.0.0/8' };
  it.each([
    { url: 'https://plane.test', want: 'proxy.test' },
    { url: 'https://plane.test:8443', want: undefined },
    { url: 'https://eu.other.test', want: undefined },
    { url: 'https://10.0.0.1', want: undefined },
    { url: 'https://[::1]:8443', want: undefined },
    { url: 'https://[fd00::1]', want: 'proxy.test' },
  ])('for $url is $want', ({ url, want }) => {
    expect(proxyFromEnv(new URL(url), env)?.host).toBe(want);
  });

  it('names the variables that are wrong, and shows no password', () => {
    const look = (): unknown => proxyFromEnv(new URL('https://plane.test'), { HTTPS_PROXY: 'ftp://me:s3cret@x' });
    expect(look).toThrow(/^HTTPS_PROXY or ALL_PROXY: a proxy must be a URL/);
    expect(look).not.toThrow(/s3cret/);
  });
});
