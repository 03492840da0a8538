import { isMap } from '#kubernetes/object';

import { profileDigest } from '../digest.ts';
import type { ProfileDocument, ProfileLayer, Variable } from '../document.ts';
import type { PolicyRule } from '../policy/policy.ts';
import type { RenderedProfile } from '../rendered.ts';
import type { FieldChange, ObjectChange } from './change.ts';
import { fieldChanges } from './field-changes.ts';
import { MASKED, maskTexts, type Mask } from './mask.ts';
import { renderedChanges } from './rendered-changes.ts';
import { manifestChanges, valuesChanges } from './yaml-changes.ts';

/** A profile with what is known of it beyond the document. */
export interface ProfileSide {
  readonly document: ProfileDocument;
  /** Attached by the program; absent when that is not known. */
  readonly policies?: readonly PolicyRule[] | undefined;
  readonly rendered?: Pick<RenderedProfile, 'layers'> | undefined;
}

/** Name, version and digest of a side; absent where there is no such profile. */
export interface ProfileSummary {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

export interface LayerChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly name: string;
  /** Version of the pack on each side, the resolved one where it is known. */
  readonly before?: string;
  readonly after?: string;
  /**
   * Of type, resolved pack, `values.…`, `presets.…` and `manifest NAME[…]`; of registry and version as written where not
   * both sides are resolved. Empty unless changed.
   */
  readonly fields: readonly FieldChange[];
}

export interface ProfileDifference {
  readonly before?: ProfileSummary;
  readonly after?: ProfileSummary;
  /** Of name, version, type, cloud, description and tags. */
  readonly profile: readonly FieldChange[];
  /** By name: `[name=replicas].defaultValue`. */
  readonly variables: readonly FieldChange[];
  /** In the order of the new profile, what is removed last. */
  readonly layers: readonly LayerChange[];
  /** Of the layers that both have, when it differs. */
  readonly order?: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly policies: readonly FieldChange[];
  /** Absent unless both sides were rendered. */
  readonly objects?: readonly ObjectChange[];
}

export interface DiffOptions {
  /** Values that must not be shown, beside the defaults of sensitive variables and the contents of Secrets. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * What differs between two versions of a profile: nothing exactly when documents, rules and renderings are equal, where a
 * layer that is resolved is what it stands for. A side may be absent: then everything was added or removed.
 */
export function diffProfiles(
  before: ProfileSide | undefined,
  after: ProfileSide | undefined,
  { secrets = [] }: DiffOptions = {},
): ProfileDifference {
  const [old, now] = [before?.document, after?.document];
  const mask = maskTexts([...secrets, ...sensitiveTexts(old), ...sensitiveTexts(now)]);
  const order = layerOrder(old, now);
  return {
    ...(old === undefined ? {} : { before: summaryOf(old) }),
    ...(now === undefined ? {} : { after: summaryOf(now) }),
    profile: old && now ? fieldChanges(headOf(old), headOf(now), { mask }) : [],
    variables: variableChanges(old?.variables ?? [], now?.variables ?? [], mask),
    layers: layerChanges(old?.layers ?? [], now?.layers ?? [], mask),
    ...(order === undefined ? {} : { order }),
    policies: rulesKnown(before) && rulesKnown(after) ? fieldChanges(rulesOf(before), rulesOf(after), { mask }) : [],
    ...objectsOf(before, after, mask),
  };
}

function objectsOf(
  before: ProfileSide | undefined,
  after: ProfileSide | undefined,
  mask: Mask,
): { readonly objects?: readonly ObjectChange[] } {
  const none = { layers: [] };
  const [old, now] = [before === undefined ? none : before.rendered, after === undefined ? none : after.rendered];
  return old === undefined || now === undefined ? {} : { objects: renderedChanges(old, now, { mask }) };
}

/** Whether anything differs. */
export function changesAnything({
  before,
  after,
  profile,
  variables,
  layers,
  order,
  policies,
  objects = [],
}: ProfileDifference): boolean {
  return (
    (before === undefined) !== (after === undefined) ||
    [profile, variables, layers, policies, objects].some((changes) => changes.length > 0) ||
    order !== undefined
  );
}

function summaryOf(document: ProfileDocument): ProfileSummary {
  return { name: document.name, version: document.version, digest: profileDigest(document) };
}

function headOf({ name, version, type, cloud, description, tags }: ProfileDocument): object {
  return { name, version, type, cloud, description, tags };
}

function variableChanges(before: readonly Variable[], after: readonly Variable[], mask: Mask): readonly FieldChange[] {
  const sensitive = new Set([...before, ...after].filter(({ isSensitive }) => isSensitive).map(({ name }) => name));
  const hide = (value: unknown): unknown =>
    isMap(value) && typeof value['name'] === 'string' && sensitive.has(value['name']) && 'defaultValue' in value
      ? { ...value, defaultValue: MASKED }
      : value;
  const hiddenPaths = new Set([...sensitive].map((name) => `[name=${name}].defaultValue`));
  return fieldChanges(byName(before), byName(after), { mask: (value) => mask(hide(value)) }).map(
    ({ path, ...sides }): FieldChange =>
      hiddenPaths.has(path)
        ? { path, ...Object.fromEntries(Object.keys(sides).map((side) => [side, MASKED])) }
        : { path, ...sides },
  );
}

/** The order of variables means nothing. */
function byName(variables: readonly Variable[]): readonly Variable[] {
  return [...variables].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function sensitiveTexts(document: ProfileDocument | undefined): string[] {
  return (document?.variables ?? []).flatMap(({ isSensitive, defaultValue, options = [] }) =>
    isSensitive ? [defaultValue ?? '', ...options.map(({ value }) => value)] : [],
  );
}

function layerChanges(before: readonly ProfileLayer[], after: readonly ProfileLayer[], mask: Mask): LayerChange[] {
  const find = (layers: readonly ProfileLayer[], { name }: ProfileLayer): ProfileLayer | undefined =>
    layers.find((layer) => layer.name === name);
  return [
    ...after.flatMap((now): LayerChange[] => {
      const old = find(before, now);
      if (old === undefined) return [{ kind: 'added', name: now.name, after: versionOf(now), fields: [] }];
      const fields = layerFields(old, now, mask);
      return fields.length === 0
        ? []
        : [{ kind: 'changed', name: now.name, before: versionOf(old), after: versionOf(now), fields }];
    }),
    ...before
      .filter((old) => find(after, old) === undefined)
      .map((old): LayerChange => ({ kind: 'removed', name: old.name, before: versionOf(old), fields: [] })),
  ];
}

function versionOf({ resolved, version }: ProfileLayer): string {
  return resolved?.version ?? version;
}

function layerFields(before: ProfileLayer, after: ProfileLayer, mask: Mask): FieldChange[] {
  // What a range and a registry stand for says more than they do, where it is known of both.
  const known = before.resolved !== undefined && after.resolved !== undefined;
  const head = ({ layer, type, registry, version, resolved }: ProfileLayer): object =>
    known ? { layer, type, resolved } : { layer, type, registry, version };
  return [
    ...fieldChanges(head(before), head(after), { mask }),
    ...valuesChanges('values', before.values.trim(), after.values.trim(), mask),
    ...manifestsChanges(before.manifests, after.manifests, mask),
  ];
}

type Manifests = ProfileLayer['manifests'];

function manifestsChanges(before: Manifests, after: Manifests, mask: Mask): FieldChange[] {
  const find = (manifests: Manifests, name: string): string | undefined =>
    manifests.find((manifest) => manifest.name === name)?.content.trim();
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const changes = names.flatMap((name): FieldChange[] => {
    const [old, now] = [find(before, name), find(after, name)];
    const path = `manifest ${name}`;
    if (old !== undefined && now !== undefined) return manifestChanges(path, old, now, mask);
    return [
      {
        path,
        ...(old === undefined ? {} : { before: lines(old) }),
        ...(now === undefined ? {} : { after: lines(now) }),
      },
    ];
  });
  const kept = (one: Manifests, other: Manifests): string[] =>
    one.map(({ name }) => name).filter((name) => find(other, name) !== undefined);
  const [old, now] = [kept(before, after), kept(after, before)];
  return sameList(old, now) ? changes : [...changes, { path: 'manifests[order]', before: old, after: now }];
}

/** A whole manifest is not shown: it may be long, and hold what nobody may see. */
function lines(text: string): string {
  const count = text === '' ? 0 : text.split('\n').length;
  return `(${count} ${count === 1 ? 'line' : 'lines'})`;
}

function layerOrder(
  before: ProfileDocument | undefined,
  after: ProfileDocument | undefined,
): ProfileDifference['order'] | undefined {
  const names = (one: ProfileDocument | undefined, other: ProfileDocument | undefined): string[] =>
    (one?.layers ?? [])
      .map(({ name }) => name)
      .filter((name) => (other?.layers ?? []).some((layer) => layer.name === name));
  const [old, now] = [names(before, after), names(after, before)];
  return sameList(old, now) ? undefined : { before: old, after: now };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** A published profile does not say which rules its program attached. */
function rulesKnown(side: ProfileSide | undefined): boolean {
  return side === undefined || side.policies !== undefined;
}

/** Rules as data; of one in TypeScript the source counts by its digest. */
function rulesOf(side: ProfileSide | undefined): unknown {
  return (side?.policies ?? []).map(({ name, description, severity, spec, code }) =>
    spec ? { name, ...spec } : { name, description, severity, code },
  );
}
