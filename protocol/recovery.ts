/**
 * How an agent that was away longer than its access lasted gets new access: it signs the plane's challenge with the key
 * that it has on the bus, whose seed never left it.
 */
import { fromPublic, fromSeed } from '@nats-io/nkeys';
import { z } from 'zod';

import { ClusterUid } from './identifiers.ts';

export const RecoveryChallenge = z.object({ challenge: z.string().min(1) });

export const RecoveryRequest = z.object({
  clusterUid: ClusterUid,
  /** As the plane gave it, a short while ago. */
  challenge: z.string().min(1),
  /** Base64 of the Ed25519 signature. */
  signature: z.string().min(1),
});
export type RecoveryRequest = z.infer<typeof RecoveryRequest>;

/** Begins with what it is for: no signature made for another purpose fits. */
function signedText({ clusterUid, challenge }: Pick<RecoveryRequest, 'clusterUid' | 'challenge'>): Uint8Array {
  return new TextEncoder().encode(`palette agent recovery\n${clusterUid}\n${challenge}`);
}

/** @param seed of the agent's key on the bus */
export function signRecovery(seed: string, asked: Pick<RecoveryRequest, 'clusterUid' | 'challenge'>): RecoveryRequest {
  const { clusterUid, challenge } = asked;
  const signature = fromSeed(new TextEncoder().encode(seed)).sign(signedText(asked));
  return { clusterUid, challenge, signature: Buffer.from(signature).toString('base64') };
}

export function isRecoveryBy(publicKey: string, request: RecoveryRequest): boolean {
  try {
    return fromPublic(publicKey).verify(signedText(request), Buffer.from(request.signature, 'base64'));
  } catch {
    // A signature of another length throws.
    return false;
  }
}
