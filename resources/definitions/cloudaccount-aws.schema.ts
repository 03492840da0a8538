import * as z from 'zod';

import { tf } from '#resources/engine/index';

export const cloudaccountAwsSchema = z.object({
  name: z.string().min(1).describe('Name of the cloud account, unique in its context.'),
  context: tf(z.enum(['', 'project', 'tenant']).default('project'), {
    forceNew: true,
    equality: 'emptyIsDefault',
  }).describe(
    'Where it lives: in the `project` that the provider is configured for, or in the `tenant`, for all projects.',
  ),
  privateCloudGatewayId: z
    .string()
    .optional()
    .describe('Identifier of the private cloud gateway through which AWS is reached.'),
  type: z
    .enum(['secret', 'sts', 'pod-identity'])
    .default('secret')
    .describe(
      'How to authenticate: an access key (`secret`), a role to assume (`sts`), or EKS Pod Identity (`pod-identity`).',
    ),
  awsAccessKey: z.string().optional().describe('Identifier of the access key, for the type `secret`.'),
  awsSecretKey: tf(z.string().optional(), { sensitive: true }).describe(
    'The secret of the access key, for the type `secret`. Never read back.',
  ),
  awsSecuredAccessKey: tf(z.string().optional(), { sensitive: true, conflictsWith: ['awsAccessKey'] }).describe(
    'Identifier of the access key, kept out of plans; takes the place of `aws_access_key`.',
  ),
  arn: z.string().optional().describe('ARN of the role to assume, for the type `sts`.'),
  externalId: tf(z.string().optional(), { sensitive: true }).describe(
    'External id that the trust policy of the role asks for, for the type `sts`.',
  ),
  roleArn: z.string().optional().describe('ARN of the role, for the type `pod-identity`.'),
  permissionBoundaryArn: z
    .string()
    .optional()
    .describe('ARN of the permissions boundary, for the type `pod-identity`.'),
  partition: z
    .enum(['aws', 'aws-us-gov', 'aws-iso', 'aws-iso-b'])
    .default('aws')
    .describe('AWS partition of the account: `aws`, `aws-us-gov`, `aws-iso` or `aws-iso-b`.'),
  policyArns: tf(z.array(z.string()).optional(), { set: true }).describe(
    'ARNs of the policies that clusters made with this account get.',
  ),
});
