import { describe, expect, it } from '@jest/globals';

import type { RegistryAccess } from '#plane/registry/registry-spec';

import { basicOciInput, ecrInput, helmInput } from './registry-input.ts';
import { authView } from './views.ts';

const CA = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';

describe('what is sent of a registry', () => {
  it('is the same as before when it is what was shown', () => {
    const auth = { type: 'noAuth', tls: { certificate: CA } } as const;
    let access: RegistryAccess | undefined;
    const seen: RegistryAccess[] = [];
    for (let round = 0; round < 3; round++) {
      const given = access === undefined ? auth : authView(access);
      access = helmInput({ endpoint: 'https://charts.example.test', isPrivate: false, auth: given }, access, true);
      seen.push(access);
    }
    expect(seen[0]?.spec.tls.ca).toBe(CA);
    expect(seen.slice(1)).toEqual([seen[0], seen[0]]);
  });

  it.each(['evil.example.test/#', 'us-east-1.evil.example.test/?x=', 'US EAST', 'a'.repeat(100)])(
    'is refused with the region %j, which becomes a part of the address of AWS',
    (defaultRegion) => {
      const credentials = { credentialType: 'sts', sts: { arn: 'arn:aws:iam::1:role/x' } } as const;
      const spec = { endpoint: 'registry.example.test', isPrivate: true, defaultRegion, credentials };
      expect(() => ecrInput(spec, undefined)).toThrow(/defaultRegion/);
    },
  );

  it.each(['', 'eu-central-1', 'us-gov-west-1', 'cn-north-1'])('may be of the region %j', (defaultRegion) => {
    const spec = { endpoint: 'registry.example.test', isPrivate: false, defaultRegion };
    expect(ecrInput(spec, undefined).spec.region).toBe(defaultRegion);
  });

  it('does not give a kept password to another host', () => {
    const auth = { type: 'basic', username: 'u', password: 'secret' } as const;
    const before = basicOciInput({ endpoint: 'https://a.example.test', auth }, undefined);
    const again = { type: 'basic', username: 'u' } as const;
    expect(basicOciInput({ endpoint: 'https://a.example.test', auth: again }, before).credentials).toMatchObject({
      password: 'secret',
    });
    for (const endpoint of ['https://b.example.test', 'http://a.example.test', 'https://a.example.test:8443'])
      expect(() => basicOciInput({ endpoint, auth: again }, before)).toThrow(/password/);
  });
});
