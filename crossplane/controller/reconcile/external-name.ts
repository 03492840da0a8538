/** Which external object a managed resource stands for, and whether another one does already. */
import { valueAt, type ObjectRef } from '#kubernetes/object';

import type { ApiConnection, ManagedObject } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';
import { PassFailure } from './failure.ts';
import type { Pass } from './pass.ts';
import { annotationOf } from './policies.ts';

/** The identifier of the object that was found or made before. */
export function storedId(object: ManagedObject): string | undefined {
  const id = valueAt(object, 'status', 'atProvider', 'id');
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The external name. An annotation that somebody removed is made up for by the status, which knows what is ours. */
export function externalNameOf(object: ManagedObject): string | undefined {
  return annotationOf(object, ANNOTATIONS.externalName) ?? storedId(object);
}

/** The other managed resource that stands for the external object, and came first. */
export function rivalOf(pass: Pass, { realm }: ApiConnection, externalName: string): ObjectRef | undefined {
  if (pass.definition.sharesId === true) return undefined;
  return pass.deps.claims.rival({ kind: pass.kind, object: pass.object, realm, externalName });
}

/** @throws PassFailure ExternalNameTaken when another managed resource stands for the external object */
export function refuseTaken(pass: Pass, connection: ApiConnection, externalName: string): void {
  const rival = rivalOf(pass, connection, externalName);
  if (rival === undefined) return;
  const who = `${rival.kind} ${rival.namespace === undefined ? '' : `${rival.namespace}/`}${rival.name} (${rival.apiVersion})`;
  throw new PassFailure(
    `${externalName} is managed by ${who} already, so nothing is done here. Delete one of the two: deleting this one does not touch what it names.`,
    { reason: 'ExternalNameTaken', event: 'ExternalNameTaken' },
  );
}
