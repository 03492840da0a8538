import { describe, expect, it } from '@jest/globals';

import { awsAccountId, checkCredentials, splitSpec, type AwsSpec } from './aws-spec.ts';

const full: AwsSpec = {
  credentialType: 'secret',
  partition: 'aws',
  accessKey: 'AKIA',
  secretKey: 'hidden-1',
  secretToken: 'hidden-2',
  sts: { arn: 'arn:aws:iam::123456789012:role/r', externalId: 'hidden-3' },
  secretSpec: { role: 'r', tls: { cert: 'c', key: 'hidden-4' } },
};

describe('splitSpec', () => {
  it('leaves no secret in what is shown, and loses none', () => {
    const { shown, secrets } = splitSpec(full);
    expect(JSON.stringify(shown)).not.toContain('hidden');
    expect(secrets).toEqual({
      secretKey: 'hidden-1',
      secretToken: 'hidden-2',
      externalId: 'hidden-3',
      tlsKey: 'hidden-4',
    });
    expect(shown).toMatchObject({
      accessKey: 'AKIA',
      sts: { arn: full.sts?.arn },
      secretSpec: { role: 'r', tls: { cert: 'c' } },
    });
  });

  it('takes an empty secret as none', () => {
    expect(splitSpec({ ...full, secretKey: '', secretToken: '' }).secrets).toEqual({
      externalId: 'hidden-3',
      tlsKey: 'hidden-4',
    });
  });
});

describe('checkCredentials', () => {
  it.each<{ name: string; spec: AwsSpec; refused: RegExp | undefined }>([
    { name: 'a key with its secret', spec: full, refused: undefined },
    { name: 'a key without its secret', spec: { ...full, secretKey: '' }, refused: /secretKey: is needed/ },
    { name: 'no key', spec: { ...full, accessKey: '' }, refused: /accessKey: is needed/ },
    { name: 'a role', spec: { ...full, credentialType: 'sts' }, refused: undefined },
    {
      name: 'a role of another partition',
      spec: { ...full, credentialType: 'sts', sts: { arn: 'arn:aws-us-gov:iam::1:role/r' } },
      refused: undefined,
    },
    { name: 'no role', spec: { credentialType: 'sts', partition: 'aws' }, refused: /sts\.arn: is needed/ },
    {
      name: 'a pod identity without a role',
      spec: { credentialType: 'pod-identity', partition: 'aws' },
      refused: /podIdentity\.roleArn/,
    },
    {
      name: 'a boundary that is no ARN',
      spec: {
        credentialType: 'pod-identity',
        partition: 'aws',
        podIdentity: { roleArn: 'arn:aws:iam::1:role/r', permissionBoundaryArn: 'b' },
      },
      refused: /permissionBoundaryArn: is no ARN/,
    },
  ])('$name', ({ spec, refused }) => {
    const { shown, secrets } = splitSpec(spec);
    const check = (): void => checkCredentials(shown, secrets);
    if (refused) expect(check).toThrow(refused);
    else expect(check).not.toThrow();
  });
});

describe('awsAccountId', () => {
  it('is read from the role', () => {
    expect(awsAccountId({ ...full })).toBe('123456789012');
    expect(awsAccountId({ credentialType: 'secret', partition: 'aws' })).toBeUndefined();
  });
});
