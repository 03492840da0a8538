/** The Secret that connection details go to. */
import { mapAt, valueAt, type KubeObject } from '#kubernetes/object';
import { secretData, secretRef } from '#kubernetes/secret';
import type { CtyObject } from '#resources/engine/cty';
import { toTyped } from '#resources/engine/state-conversion';

import { connectionDetails } from '../../schema/values.ts';
import { PassFailure } from './failure.ts';
import type { Pass } from './pass.ts';

/** The type by which Crossplane tells connection Secrets from others. */
const SECRET_TYPE = 'connection.crossplane.io/v1alpha1';

/**
 * Writes connection details to the Secret that the spec names, when they differ. It belongs to the managed resource and
 * goes with it.
 *
 * @throws PassFailure when the Secret is somebody else's or cannot be written
 */
export async function publishConnection(pass: Pass, state: CtyObject): Promise<void> {
  const { object, fields, model, deps, signal } = pass;
  const wanted = mapAt(object, 'spec', 'writeConnectionSecretToRef');
  const name = wanted['name'];
  const namespace = object.metadata.namespace ?? wanted['namespace'];
  if (typeof name !== 'string' || typeof namespace !== 'string') return;
  const details = connectionDetails(fields, toTyped(model, state, { unknown: 'omit' }));
  try {
    const existing = await deps.kube.get(secretRef(namespace, name), { signal });
    if (existing !== undefined) {
      const problem = notOurs(existing, object);
      if (problem !== undefined)
        throw new Error(
          `Secret ${namespace}/${name} ${problem}: choose another name in spec.writeConnectionSecretToRef`,
        );
      const stored = secretData(existing);
      const same =
        isControlledBy(existing, object) &&
        Object.entries(details).every(([key, value]) => stored.get(key)?.toString('utf8') === value);
      if (same) return;
    }
    await deps.kube.apply(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name,
          namespace,
          ownerReferences: [
            {
              apiVersion: object.apiVersion,
              kind: object.kind,
              name: object.metadata.name,
              uid: object.metadata.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        type: SECRET_TYPE,
        data: Object.fromEntries(
          Object.entries(details).map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]),
        ),
      },
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw new PassFailure(
      error instanceof Error ? error.message : String(error),
      { reason: 'CannotPublishConnectionDetails', event: 'CannotPublishConnectionDetails' },
      { cause: error },
    );
  }
}

function notOurs(secret: KubeObject, object: KubeObject): string | undefined {
  if (isControlledBy(secret, object)) return undefined;
  if (controllerOf(secret) !== undefined) return 'belongs to another object';
  return secret['type'] === SECRET_TYPE ? undefined : `is there already and is no connection Secret`;
}

function isControlledBy(secret: KubeObject, object: KubeObject): boolean {
  return controllerOf(secret) === object.metadata.uid;
}

function controllerOf({ metadata }: KubeObject): unknown {
  const controller = (metadata.ownerReferences ?? []).find((owner) => valueAt(owner, 'controller') === true);
  return valueAt(controller, 'uid');
}
