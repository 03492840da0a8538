/** Why a pass over a managed resource ended early, for its condition and its events. */
import { isApiError, type ApiError } from '#openapi/client/index';
import type { AnyResource, AttributePath } from '#resources/engine/index';

import type { EventReason, Requeue } from '../contracts.ts';
import { inKubernetesWords, specPath } from '../../schema/words.ts';
import type { SyncedReason } from './conditions.ts';

/** Ends a pass. What the pass found out until then is kept. */
export class PassFailure extends Error {
  override readonly name = 'PassFailure';
  readonly reason: SyncedReason;
  readonly event: EventReason;
  /** `failed`: trying again may help; `progressing`: soon; `rest`: not before somebody changes the object; `poll`: a look now and then. */
  readonly requeue: Requeue['kind'];

  constructor(
    message: string,
    {
      reason,
      event,
      requeue = 'failed',
    }: { readonly reason: SyncedReason; readonly event: EventReason; readonly requeue?: Requeue['kind'] },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.reason = reason;
    this.event = event;
    this.requeue = requeue;
  }
}

/**
 * What went wrong and what to do, in the words of the managed resource. The same failure gives the same text, so that a
 * condition that stands is not written again: identifiers of requests are left to the log.
 */
export function describeFailure(definition: AnyResource, thrown: unknown): string {
  const attribute = attributeFailure(thrown);
  if (attribute !== undefined) {
    const where = attribute.path.length === 0 ? '' : `${specPath(definition, attribute.path)}: `;
    return inKubernetesWords(definition, `${where}${attribute.summary}: ${attribute.detail}`);
  }
  if (isApiError(thrown)) return describeApiError(thrown);
  return inKubernetesWords(definition, thrown instanceof Error ? thrown.message : String(thrown));
}

/** Tells an AttributeError also across copies of the module. */
export function attributeFailure(
  thrown: unknown,
): { readonly path: AttributePath; readonly summary: string; readonly detail: string } | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'AttributeError') return undefined;
  if (!('path' in thrown) || !('summary' in thrown) || !('detail' in thrown) || !Array.isArray(thrown.path))
    return undefined;
  // as: AttributeError makes its paths of these only
  return { path: thrown.path as AttributePath, summary: String(thrown.summary), detail: String(thrown.detail) };
}

function describeApiError(error: ApiError): string {
  const answer = error.status > 0 ? `${error.status} ${error.code}` : error.code;
  const hint = hintFor(error);
  const reason = /[.!?]$/.test(error.reason) ? error.reason : `${error.reason}.`;
  return `${error.method} ${error.path}: ${answer}: ${reason}${hint === undefined ? '' : ` ${hint}`}`;
}

/** The client's own hints speak of the settings of Terraform's provider. */
function hintFor({ status, code, hint }: ApiError): string | undefined {
  if (status === 401)
    return 'Check the key apiKey of the Secret that the provider configuration names: it may be wrong, expired, or of another host.';
  if (status === 403)
    return 'The API key is valid but not for this: check its permissions, and the project of the provider configuration.';
  switch (code) {
    case 'BadCertificate':
      return 'Trust the CA that signed it: put it as ca.crt into the Secret that the provider configuration names.';
    case 'Unreachable':
    case 'InvalidResponse':
      return 'Check the host in the provider configuration, the network, and any proxy between.';
    default:
      return status === 404 || hint?.includes('`') === true ? undefined : hint;
  }
}
