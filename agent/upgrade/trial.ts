/** Shows that this version can do the work, and changes nothing: reads what the one that works has, verifies and renders it. */
import type { Logger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';
import { valueAt } from '#kubernetes/object';
import { accessFromKubeconfig, accessFromServiceAccount } from '#kubernetes/kubeconfig';

import { AgentConfig, type AgentConfigInput } from '../config.ts';
import { packRenderer } from '../enforce/pack-renderer.ts';
import type { PolicyInForce } from '../enforce/policy-in-force.ts';
import { extensions } from '../enforce/extensions.ts';
import type { RenderLayer } from '../enforce/render.ts';
import { FIELD_MANAGER } from '../field-manager.ts';
import { createIdentityStore } from '../identity/identity.ts';
import { createLocalVariables } from '../local/variables.ts';
import { createPolicyKeeper } from '../policy/desired.ts';
import { createPolicyStore } from '../policy/store.ts';
import type { Holding } from './messages.ts';

/**
 * @throws Error where the API server does not answer, or what is stored cannot be read or believed by this version.
 */
export async function runTrial(
  input: AgentConfigInput,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<Holding> {
  const config = AgentConfig.parse(input);
  const access =
    config.kubeconfig === undefined ? await accessFromServiceAccount() : await accessFromKubeconfig(config.kubeconfig);
  const client = createKubeClient(access, { fieldManager: FIELD_MANAGER });
  try {
    const version = valueAt(await client.read('/version', { signal }), 'gitVersion');
    const kubeVersion = typeof version === 'string' ? version : '';
    const identity = await createIdentityStore(client, config.namespace).load({ signal });
    if (!identity) return { revision: 0, failing: [] };
    const keeper = createPolicyKeeper({
      store: createPolicyStore(client, config.namespace),
      fetchPack: async (digest) => {
        throw new Error(`pack ${digest} is not stored here`);
      },
      log,
    });
    const stored = await keeper.restore(identity.clusterUid, { signal });
    if (!stored) return { revision: 0, failing: [] };
    const variables = createLocalVariables(client, config.namespace, log);
    await variables.load(identity.clusterUid, { signal });
    const policy = variables.localise(stored);
    const capabilities = { kubeVersion, apiVersions: await extensions(client.discovery, { signal }) };
    const render = packRenderer(config, log);
    return {
      revision: policy.document.revision,
      digest: policy.digest,
      failing: await failingLayers(policy, render, capabilities, { log, signal }),
    };
  } finally {
    client.close();
  }
}

async function failingLayers(
  { document, pack }: PolicyInForce,
  render: RenderLayer,
  capabilities: { readonly kubeVersion: string; readonly apiVersions: readonly string[] },
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<string[]> {
  const failing: string[] = [];
  for (const layer of document.lifecycle === 'deleting' ? [] : document.layers) {
    try {
      const archive = layer.content === undefined ? undefined : await pack(layer.content, { signal });
      await render(layer, archive, document.context, { ...capabilities, signal });
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, layer: layer.name }, 'this version cannot render a layer');
      failing.push(layer.name);
    }
  }
  return failing;
}
