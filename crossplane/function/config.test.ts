import { describe, expect, it } from '@jest/globals';

import { FunctionConfig } from './config.ts';

describe('config', () => {
  it.each([
    { name: 'neither certificates nor insecure', given: {}, says: 'name the folder' },
    {
      name: 'insecure where others can reach it',
      given: { insecure: true },
      says: 'listens on 127.0.0.1, ::1 or localhost only, not on 0.0.0.0',
    },
    {
      name: 'insecure with certificates',
      given: { insecure: true, tlsServerCertsDir: '/tls', listen: { host: '::1' } },
      says: 'contradicts',
    },
  ])('refuses $name', ({ given, says }) => {
    const parsed = FunctionConfig.safeParse(given);
    expect(parsed.error?.issues.map(({ message }) => message).join()).toContain(says);
  });

  it.each([{ tlsServerCertsDir: '/tls/server' }, { insecure: true, listen: { host: '127.0.0.1' } }])(
    'takes %j',
    (given) => {
      expect(FunctionConfig.safeParse(given).success).toBe(true);
    },
  );
});
