/** What would become of one object: a dry run beside what is there. Nothing is written. */
import { objectChange } from '#profiles/diff/object-change';
import type { Mask } from '#profiles/diff/mask';
import type { PreviewChange, PreviewRefusal } from '#protocol/preview';

import type { KubeClient } from '#kubernetes/client';
import { isAway, KubeError } from '#kubernetes/error';
import { withoutKeys, type KubeObject } from '#kubernetes/object';
import { appliedForm } from '../enforce/applied-form.ts';
import { contestedFields, describeContested } from '../enforce/conflicts.ts';
import { isReplaceable, isTakenAnew } from '../enforce/immutable.ts';
import { normalise } from '../enforce/normalise.ts';
import { MAX_MESSAGE, safeMessage } from '../enforce/safe-message.ts';
import { LAYER_ANNOTATION, PART_OF_LABEL, PRIORITY_ANNOTATION, type DesiredObject } from '../enforce/stamp.ts';

export type Outlook =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'change'; readonly change: PreviewChange }
  | { readonly kind: 'refused'; readonly refusal: PreviewRefusal };

export interface LookContext {
  readonly client: Pick<KubeClient, 'get' | 'apply'>;
  readonly applySet: string;
  /** A namespace that is there, to check objects in whose own is not there yet. */
  readonly namespace: string;
  /** Whether the API server serves the kind now. */
  readonly served: (ref: DesiredObject['ref']) => Promise<boolean>;
  /** Whether the candidate itself brings the kind. */
  readonly comesWithIt: (ref: DesiredObject['ref']) => boolean;
  /** Whether the candidate itself brings the namespace. */
  readonly bringsNamespace: (name: string) => boolean;
  /** Hides values of sensitive variables. */
  readonly mask: Mask;
}

/** @throws KubeError when the API server does not answer */
export async function lookAt(
  desired: DesiredObject,
  context: LookContext,
  options: { readonly signal: AbortSignal },
): Promise<Outlook> {
  const { client, applySet, mask } = context;
  const { ref, layer } = desired;
  if (!(await context.served(ref))) {
    return context.comesWithIt(ref)
      ? created(desired, 'its kind comes with this change: the API server could not check it')
      : refused(desired, `the API server knows no kind ${ref.kind} in ${ref.apiVersion}`);
  }
  const live = await client.get(ref, options);
  const own = live?.metadata.labels?.[PART_OF_LABEL] === applySet;
  if (desired.implicit && live && !own) return { kind: 'unchanged' };

  let wanted: KubeObject;
  try {
    const force = desired.rules.conflicts === 'take';
    wanted = await client.apply(appliedForm(desired, live), { ...options, dryRun: true, force });
  } catch (error) {
    if (!(error instanceof KubeError) || isAway(error)) throw error;
    const contested = contestedFields(error);
    if (contested.length > 0) return refused(desired, describeContested(contested), contested[0]?.field);
    const mayReplace = own && desired.rules.immutable === 'recreate' && isReplaceable(desired.object);
    if (mayReplace && error.status === 422 && (await isTakenAnew(desired.object, client, options)))
      return changed(desired, 'it cannot be changed: it is deleted and made anew, as the policy says', true);
    if (!live && error.status === 404 && ref.namespace !== undefined && context.bringsNamespace(ref.namespace))
      return checkElsewhere(desired, context, options);
    return refusedBy(desired, error, mask);
  }
  if (!live) return created(desired);
  if (live.metadata.deletionTimestamp !== undefined)
    return created(desired, 'the one that is there is being deleted; it is made anew when that has ended');
  const change = objectChange(layer, content(live), content(wanted), { mask });
  if (!change) return own ? { kind: 'unchanged' } : changed(desired, TAKEN_OVER);
  return { kind: 'change', change: { ...change, fields: [...change.fields], ...(own ? {} : { note: TAKEN_OVER }) } };
}

const TAKEN_OVER = 'it was there before: the agent takes it over';

/** The content without the agent's own marks, which say nothing to a reader. */
function content(object: KubeObject): KubeObject {
  const { metadata, ...rest } = normalise(object);
  const { labels, annotations, ...others } = object.metadata;
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...withoutKeys(typeof metadata === 'object' && metadata !== null ? { ...metadata } : {}, MARKED),
      name: others.name,
      ...(others.namespace === undefined ? {} : { namespace: others.namespace }),
      ...unlessEmpty('labels', withoutKeys(labels ?? {}, MARK_LABELS)),
      ...unlessEmpty('annotations', withoutKeys(annotations ?? {}, MARK_ANNOTATIONS)),
    },
  };
}

const MARKED: ReadonlySet<string> = new Set(['labels', 'annotations']);
const MARK_LABELS: ReadonlySet<string> = new Set([PART_OF_LABEL]);
const MARK_ANNOTATIONS: ReadonlySet<string> = new Set([LAYER_ANNOTATION, PRIORITY_ANNOTATION]);

function unlessEmpty(key: string, map: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.keys(map).length === 0 ? {} : { [key]: map };
}

/**
 * An object whose namespace comes with the change cannot be dry-run in it. Its form is checked in a namespace that is
 * there; only what is wrong with the object itself counts.
 */
async function checkElsewhere(
  desired: DesiredObject,
  { client, namespace, mask }: LookContext,
  options: { readonly signal: AbortSignal },
): Promise<Outlook> {
  const elsewhere = { ...desired.object, metadata: { ...desired.object.metadata, namespace } };
  try {
    if (!(await client.get({ ...desired.ref, namespace }, options)))
      await client.apply(elsewhere, { ...options, dryRun: true });
  } catch (error) {
    if (!(error instanceof KubeError) || isAway(error)) throw error;
    if (error.status === 400 || error.status === 422) return refusedBy(desired, error, mask);
  }
  return created(desired, 'its namespace comes with this change: the API server checked its form only');
}

function created({ layer, ref }: DesiredObject, note?: string): Outlook {
  return {
    kind: 'change',
    change: {
      kind: 'created',
      layer,
      object: ref,
      fields: [],
      restarts: false,
      ...(note === undefined ? {} : { note }),
    },
  };
}

function changed({ layer, ref }: DesiredObject, note: string, restarts = false): Outlook {
  return { kind: 'change', change: { kind: 'changed', layer, object: ref, fields: [], restarts, note } };
}

function refused({ layer, ref }: DesiredObject, message: string, field?: string): Outlook {
  return {
    kind: 'refused',
    refusal: { layer, object: ref, ...(field === undefined ? {} : { field }), message: message.slice(0, MAX_MESSAGE) },
  };
}

function refusedBy(desired: DesiredObject, error: KubeError, mask: Mask): Outlook {
  return refused(desired, safeMessage(error, desired.ref, desired.object, mask), error.fields[0]?.field);
}
