import { z } from 'zod';

import type { components } from '#openapi/generated/types';
import { PlaneError } from '#plane/api/error';

export type AwsSpec = components['schemas']['v1AwsCloudAccount'];

/** What of an AWS account is sealed and never returned. */
export const AwsSecrets = z.object({
  secretKey: z.string().optional(),
  secretToken: z.string().optional(),
  /** Shared with the owner of the role, against the confused deputy. */
  externalId: z.string().optional(),
  tlsKey: z.string().optional(),
});
export type AwsSecrets = z.infer<typeof AwsSecrets>;

/** An account's specification in two parts: what may be shown, and what is sealed. */
export function splitSpec(spec: AwsSpec): { readonly shown: AwsSpec; readonly secrets: AwsSecrets } {
  const { secretKey, secretToken, sts, secretSpec, ...shown } = spec;
  const { externalId, ...shownSts } = sts ?? {};
  const { key: tlsKey, ...shownTls } = secretSpec?.tls ?? {};
  return {
    shown: {
      ...shown,
      ...(sts ? { sts: shownSts } : {}),
      ...(secretSpec ? { secretSpec: { ...secretSpec, ...(secretSpec.tls ? { tls: shownTls } : {}) } } : {}),
    },
    secrets: { ...given({ secretKey }), ...given({ secretToken }), ...given({ externalId }), ...given({ tlsKey }) },
  };
}

/** An empty secret says no more than an absent one. */
function given<K extends string>(field: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(
    Object.entries(field).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<Record<K, string>>; // what is left is text
}

/**
 * Checks that credentials are complete and can be what they are said to be.
 *
 * Whether AWS takes them is not known here: the plane does not call clouds, so credentials that are well formed and
 * wrong are found by whatever uses them.
 *
 * @throws PlaneError 422 that names the field, never its value.
 */
export function checkCredentials(shown: AwsSpec, secrets: AwsSecrets): void {
  const type = shown.credentialType ?? 'secret';
  switch (type) {
    case 'secret':
      need('accessKey', shown.accessKey);
      need('secretKey', secrets.secretKey);
      break;
    case 'sts':
      needArn('sts.arn', shown.sts?.arn);
      break;
    case 'pod-identity':
      needArn('podIdentity.roleArn', shown.podIdentity?.roleArn);
      if (shown.podIdentity?.permissionBoundaryArn)
        needArn('podIdentity.permissionBoundaryArn', shown.podIdentity.permissionBoundaryArn);
      break;
  }
  for (const [index, arn] of (shown.policyARNs ?? []).entries()) needArn(`policyARNs[${index}]`, arn);
}

function need(field: string, value: string | undefined): void {
  if (value === undefined || value === '') throw invalid(`${field}: is needed for credentials of this type`);
  if (/\s/.test(value)) throw invalid(`${field}: must not hold blanks or line breaks`);
}

function needArn(field: string, value: string | undefined): void {
  need(field, value);
  if (!/^arn:[\w-]+:[\w-]+:/.test(value ?? ''))
    throw invalid(`${field}: is no ARN; it must look like arn:aws:iam::123456789012:role/name`);
}

function invalid(message: string): PlaneError {
  return new PlaneError(422, 'InvalidCredentials', message);
}

/** The number of the AWS account where an ARN tells it, else nothing. */
export function awsAccountId({ sts, podIdentity }: AwsSpec): string | undefined {
  return /^arn:[\w-]+:[\w-]+::(\d{12}):/.exec(sts?.arn ?? podIdentity?.roleArn ?? '')?.[1];
}
