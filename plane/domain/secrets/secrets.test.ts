import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createSecrets, SecretsError } from './secrets.ts';

const secrets = createSecrets(randomBytes(32));

describe('createSecrets', () => {
  it('opens what it sealed, and seals the same value differently each time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (value, context) => {
        const sealed = secrets.seal(value, context);
        expect(Buffer.from(secrets.open(sealed, context))).toEqual(Buffer.from(value));
        expect(Buffer.from(secrets.seal(value, context))).not.toEqual(Buffer.from(sealed));
      }),
    );
    expect(secrets.openText(secrets.seal('grüße', 'x'), 'x')).toBe('grüße');
  });

  it('opens nothing in which any bit was changed, or that was cut', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(7), (value, at, bit) => {
        const sealed = Buffer.from(secrets.seal(value, 'context'));
        const place = at % sealed.length;
        sealed[place] = (sealed[place] ?? 0) ^ (1 << bit);
        expect(() => secrets.open(sealed, 'context')).toThrow(SecretsError);
        expect(() => secrets.open(sealed.subarray(0, place), 'context')).toThrow(SecretsError);
      }),
    );
  });

  it('opens nothing elsewhere or with another key, and does not tell the value', () => {
    const sealed = secrets.seal('the value', 'account/a');
    expect(() => secrets.open(sealed, 'account/b')).toThrow(/account\/b: the sealed value does not open/);
    expect(() => createSecrets(randomBytes(32)).open(sealed, 'account/a')).toThrow(SecretsError);
    expect(() => createSecrets(randomBytes(16))).toThrow(/32 bytes/);
    expect(Buffer.from(sealed).includes('the value')).toBe(false);
  });
});
