/** What the reconciler and the runtime around it know of each other. */
import type { Logger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import type { KubeObject, ObjectRef } from '#kubernetes/object';
import type { PaletteClient } from '#openapi/client/index';

import type { ManagedKind } from '../schema/kinds.ts';

/** A managed resource as the API server has it; its own fields are read through `reconcile/managed-object.ts`. */
export interface ManagedObject extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** A way to the API, made from a provider configuration and shared by all that use it. */
export interface ApiConnection {
  readonly client: PaletteClient;
  /** The configured project; empty for a configuration of the tenant alone. */
  readonly projectUid: string;
  readonly projectName: string;
  /**
   * Names the account that external names belong to (host and tenant), so that two configurations with one tenant
   * are known to mean the same objects.
   */
  readonly realm: string;
  /** Whether the API tells of changes: then a long time may pass between two looks at what does not change. */
  readonly watched: () => boolean;
}

/** Why there is no connection: `wait` mends itself or needs somebody else's change; the text is for the condition. */
export interface ConnectFailure {
  readonly kind: 'failed';
  readonly reason: 'ProviderConfigNotFound' | 'CredentialsInvalid' | 'ApiUnreachable' | 'ProjectNotFound';
  readonly message: string;
  /** The Secret with the credentials is not there. */
  readonly lacksSecret?: true;
}

export type ConnectOutcome = { readonly kind: 'connected'; readonly connection: ApiConnection } | ConnectFailure;

/** What `spec.providerConfigRef` says, with its defaults. */
export interface ProviderConfigRef {
  readonly kind: 'ProviderConfig' | 'ClusterProviderConfig';
  readonly name: string;
}

export interface ProviderConfigs {
  /**
   * Notes that the object uses its configuration, then connects. Cheap when it did so before. An object that is being
   * deleted gets the last good connection when the Secret went before it.
   */
  connect(kind: ManagedKind, object: ManagedObject, options: { readonly signal: AbortSignal }): Promise<ConnectOutcome>;
  /** Forgets that the object uses a configuration: it is about to go. */
  release(kind: ManagedKind, object: ManagedObject, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Which managed resource stands for an external object. The oldest claim counts. */
export interface ExternalNameClaims {
  /** The other managed resource that has this external name, of either scope, when it comes before this one. */
  rival(request: {
    readonly kind: ManagedKind;
    readonly object: ManagedObject;
    readonly realm: string;
    readonly externalName: string;
  }): ObjectRef | undefined;
}

/** Reasons of events: a closed list, so that people can filter by them. */
export type EventReason =
  | 'CreatedExternalResource'
  | 'UpdatedExternalResource'
  | 'DeletedExternalResource'
  | 'AdoptedExternalResource'
  | 'ImportedExternalResource'
  | 'DriftCorrected'
  | 'CannotConnectToProvider'
  | 'CannotResolveReferences'
  | 'CannotReadSecret'
  | 'CannotObserveExternalResource'
  | 'CannotCreateExternalResource'
  | 'CannotUpdateExternalResource'
  | 'CannotDeleteExternalResource'
  | 'CannotPublishConnectionDetails'
  | 'InvalidSpec'
  | 'ExternalNameTaken'
  | 'ReplacementRequired'
  | 'ReconcilePaused'
  | 'Warning';

export interface EventRecorder {
  /** Never throws and never waits: an event is a hint. Repeated ones are counted, not made anew. */
  record(event: {
    readonly object: KubeObject;
    readonly type: 'Normal' | 'Warning';
    readonly reason: EventReason;
    readonly message: string;
  }): void;
}

/** Reads objects of other kinds that managed resources refer to, from a cache where there is one. */
export interface ObjectLookup {
  get(ref: ObjectRef, options: { readonly signal: AbortSignal }): Promise<KubeObject | undefined>;
  /** Managed resources of a kind by their labels, in a namespace or the cluster. */
  list(
    kind: ManagedKind,
    options: {
      readonly namespace: string | undefined;
      readonly labels: Readonly<Record<string, string>>;
      readonly signal: AbortSignal;
    },
  ): Promise<readonly ManagedObject[]>;
}

export interface ReconcilerDependencies {
  readonly kube: KubeClient;
  readonly providerConfigs: ProviderConfigs;
  readonly claims: ExternalNameClaims;
  readonly lookup: ObjectLookup;
  readonly events: EventRecorder;
  readonly log: Logger;
  readonly now: () => number;
}

/** When to look at the object again, unless something happens before. */
export type Requeue =
  /** Nothing is to be done: after the poll interval. */
  | { readonly kind: 'poll' }
  /** The API is at work on it: soon, growing with each look. `message` says what is waited for. */
  | { readonly kind: 'progressing'; readonly message: string }
  /** It did not work: with growing delays. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** The object was written by somebody else meanwhile: at once. */
  | { readonly kind: 'conflict' }
  /** It is gone, paused, or cannot go on before its spec changes. */
  | { readonly kind: 'rest' };

/** What the plane's events about an external object are known by; see `resource` events of the client. */
export interface WatchedExternal {
  readonly type: string;
  readonly uid: string;
}

export interface ReconcileResult {
  readonly requeue: Requeue;
  /** Events about this object concern the managed resource. */
  readonly watch?: { readonly realm: string; readonly external: WatchedExternal };
  /** Whether it was found Ready and Synced, for metrics. */
  readonly ready: boolean;
  readonly synced: boolean;
}

export interface Reconciler {
  /** Brings one managed resource a step further. Throws nothing but the signal's reason. */
  reconcile(
    kind: ManagedKind,
    object: ManagedObject,
    options: { readonly signal: AbortSignal },
  ): Promise<ReconcileResult>;
}
