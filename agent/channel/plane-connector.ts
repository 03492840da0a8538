import { readFile } from 'node:fs/promises';

import type { AgentConfig } from '../config.ts';
import { createPlaneClient, type PlaneClient } from './rest.ts';

export interface PlaneTarget {
  readonly planeUrl: string;
  /** PEM bundle that the import manifest brought. */
  readonly ca?: string | undefined;
  readonly accessToken?: () => string | undefined;
}

export type PlaneConnector = (target: PlaneTarget) => PlaneClient;

/** Connects to planes; a CA that the operator names goes before the one the manifest brought. */
export async function planeConnector(
  { planeCaFile }: Pick<AgentConfig, 'planeCaFile'>,
  { onDate }: { readonly onDate?: (date: Date) => void } = {},
): Promise<PlaneConnector> {
  const named = planeCaFile === undefined ? undefined : await readFile(planeCaFile, 'utf8');
  return ({ planeUrl, ca, accessToken = () => undefined }) =>
    createPlaneClient({ url: planeUrl, ca: named ?? ca, accessToken, onDate });
}
