/**
 * Secrets of the local API. Several may write one at once (replicas of the agent, people with `palette local`), so each
 * change is made to what stands there and counts only if nobody wrote meanwhile.
 */
import { backoffDelay, delay } from '#core/retry';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import { secretData, secretRef, type SecretData } from '#kubernetes/secret';

export type SecretClient = Pick<KubeClient, 'get' | 'create' | 'replace'>;

const ATTEMPTS = 8;
const CROWD = { baseMs: 50, maxMs: 1_000 };

/**
 * Gives what the Secret holds after the change. `change` is asked again when somebody was faster; undefined from it leaves
 * the Secret as it is.
 *
 * @throws KubeError, or what `change` throws
 */
export async function changeSecret(
  client: SecretClient,
  {
    namespace,
    name,
    labels,
  }: { readonly namespace: string; readonly name: string; readonly labels?: Readonly<Record<string, string>> },
  change: (data: SecretData) => Promise<Readonly<Record<string, string | Uint8Array>> | undefined>,
  options: CallOptions,
): Promise<SecretData> {
  for (let attempt = 0; ; attempt++) {
    const present = await client.get(secretRef(namespace, name), options);
    const before: SecretData = present ? secretData(present) : new Map();
    const wanted = await change(before);
    if (!wanted) return before;
    const data = Object.fromEntries(
      Object.entries(wanted).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    );
    const secret = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data };
    try {
      if (present) await client.replace({ ...secret, metadata: present.metadata }, options);
      else await client.create({ ...secret, metadata: { namespace, name, ...(labels ? { labels } : {}) } }, options);
      return new Map(Object.entries(wanted).map(([key, value]) => [key, Buffer.from(value)]));
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 409 || attempt + 1 >= ATTEMPTS) throw error;
      await delay(backoffDelay(attempt, CROWD), options);
    }
  }
}
