import * as z from 'zod';

import { optionalComputed, tf, type PlannedValues } from '#resources/engine/index';

const secret = (): z.ZodOptional<z.ZodString> => tf(z.string().optional(), { sensitive: true });

export const registryOciSchema = z.object({
  name: tf(z.string().min(1), { forceNew: true }).describe('Name, unique among the registries of the tenant.'),
  type: tf(z.enum(['ecr', 'basic']), { forceNew: true }).describe(
    'Kind of registry: Amazon ECR (`ecr`), or any other (`basic`).',
  ),
  isPrivate: z.boolean().describe('Whether the registry asks for credentials.'),
  isSynchronization: z
    .boolean()
    .default(false)
    .describe('Whether the plane looks into the registry by itself. What a profile names exactly is found without.'),
  endpoint: z.string().min(1).describe('Address of the registry: its host, or a URL.'),
  endpointSuffix: z
    .string()
    .default('')
    .describe('What stands between the host and the registry itself, as some servers (JFrog) have it.'),
  baseContentPath: z
    .string()
    .default('')
    .describe('What the names of the repositories begin with. Needed with `is_synchronization`.'),
  providerType: z
    .enum(['helm', 'zarf', 'pack'])
    .default('helm')
    .describe('What the registry holds: charts (`helm`), packs (`pack`) or Zarf packages (`zarf`).'),
  waitForSync: z
    .boolean()
    .default(false)
    .describe('Whether to wait until the plane has looked into the registry, after it was made or changed.'),
  waitForStatusMessage: optionalComputed(z.string(), {
    changesWith: [
      'waitForSync',
      'endpoint',
      'endpointSuffix',
      'baseContentPath',
      'providerType',
      'credentials',
      'isSynchronization',
    ],
  }).describe('What the last synchronisation that was waited for said.'),
  credentials: z
    .array(
      z.object({
        credentialType: z
          .enum(['secret', 'sts', 'basic', 'noAuth'])
          .describe(
            'How to log in: an AWS access key (`secret`), an AWS role (`sts`), user name and password (`basic`), or not at all (`noAuth`).',
          ),
        accessKey: secret().describe('Identifier of the access key, for the type `secret`.'),
        secretKey: secret().describe('The secret of the access key, for the type `secret`. Never read back.'),
        arn: z.string().optional().describe('ARN of the role to assume, for the type `sts`.'),
        externalId: z.string().optional().describe('External id that the role asks for, for the type `sts`.'),
        username: z.string().optional().describe('User name, for the type `basic`.'),
        password: secret().describe('Password, for the type `basic`. Never read back.'),
        tlsConfig: z
          .array(
            z.object({
              certificate: z.string().default('').describe('Certificates (PEM) to trust in place of the usual ones.'),
              insecureSkipVerify: z
                .boolean()
                .default(false)
                .describe('Trust any certificate: whoever is in between can read and change everything.'),
            }),
          )
          .max(1)
          .optional()
          .describe('How the certificate of the registry is checked.'),
      }),
    )
    .min(1)
    .max(1)
    .describe('How to log in to the registry.'),
});

export type RegistryOci = PlannedValues<typeof registryOciSchema>;
