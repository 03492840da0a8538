/** The values that a cluster gives to a profile's variables, sealed at rest. */
import { z } from 'zod';

import type { Secrets } from '#plane/domain/secrets/secrets';

const Values = z.record(z.string(), z.string());
export type VariableValues = Readonly<Record<string, string>>;

/** Seals the values for one attachment; absent when there are none. */
export function sealVariables(
  secrets: Secrets,
  clusterUid: string,
  profileUid: string,
  values: VariableValues,
): Uint8Array | null {
  return Object.keys(values).length === 0
    ? null
    : secrets.seal(JSON.stringify(values), purpose(clusterUid, profileUid));
}

/** Opens what `sealVariables` sealed. */
export function openVariables(
  secrets: Secrets,
  clusterUid: string,
  profileUid: string,
  sealed: Uint8Array | null,
): VariableValues {
  return sealed === null ? {} : Values.parse(JSON.parse(secrets.openText(sealed, purpose(clusterUid, profileUid))));
}

function purpose(clusterUid: string, profileUid: string): string {
  return `variables/${clusterUid}/${profileUid}`;
}
