import { define } from './case.ts';

const ROLE = 'arn:aws:iam::123456789012:role/palette';
const POLICY = 'arn:aws:iam::123456789012:policy/p';

export const cloudaccountAws = define({
  type: 'spectrocloud_cloudaccount_aws',
  create: {
    values: {
      name: 'aws',
      awsAccessKey: 'AKIAIOSFODNN7EXAMPLE',
      awsSecretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    state: { name: 'aws', type: 'secret', partition: 'aws', context: 'project' },
    stored: {
      name: 'aws',
      scope: 'project',
      type: 'secret',
      partition: 'aws',
      policies: [],
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
    },
  },
  changes: [
    {
      name: 'its kind of credentials and its policies',
      values: { name: 'aws', type: 'sts', arn: ROLE, externalId: 'the-external-id', policyArns: [POLICY] },
      state: { type: 'sts', arn: ROLE, policyArns: [POLICY] },
      stored: { name: 'aws', scope: 'project', type: 'sts', partition: 'aws', policies: [POLICY], arn: ROLE },
    },
  ],
  drifts: [
    {
      name: 'gave it another role',
      act: async ({ client, project }, uid) => {
        const account = await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: project });
        return client.put('/v1/cloudaccounts/aws/{uid}', {
          path: { uid },
          body: {
            ...account,
            spec: {
              ...account.spec,
              sts: { arn: 'arn:aws:iam::123456789012:role/other', externalId: 'the-external-id' },
            },
          },
          scope: project,
        });
      },
    },
  ],
  remove: async ({ client, project }, uid) =>
    client.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: project }),
  importId: () => 'aws:project',
  // External ids are not read back.
  importedExactly: false,
  wrong: [
    {
      name: 'a role without external id',
      values: { name: 'x', type: 'sts', arn: 'arn:aws:iam::1:role/x' },
      at: ['externalId'],
      says: /incomplete/,
    },
    {
      name: 'an unknown kind of credentials',
      values: { name: 'x', type: 'magic' },
      at: ['type'],
      says: /secret/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const { metadata, spec } = await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: project });
    return {
      name: metadata?.name,
      scope: metadata?.annotations?.['scope'],
      type: spec?.credentialType,
      partition: spec?.partition,
      policies: spec?.policyARNs ?? [],
      ...(spec?.accessKey ? { accessKey: spec.accessKey } : {}),
      ...(spec?.sts?.arn ? { arn: spec.sts.arn } : {}),
    };
  },
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/cloudaccounts/aws', { scope: project });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
