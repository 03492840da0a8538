import type { Logger } from '#core/log';
import type { ClientOptions, PaletteClient } from '#openapi/client/index';
import type { AnyDataSource, AnyResource } from '#resources/engine/index';

import type { Connection } from './configure.ts';
import type { ProviderDefinition } from './generated/tfplugin6.ts';

/** What the provider is made of. */
export interface ProviderOptions {
  readonly resources: Readonly<Record<string, () => Promise<AnyResource>>>;
  readonly dataSources: Readonly<Record<string, () => Promise<AnyDataSource>>>;
  /** The answer to GetProviderSchema, made when the provider was built. Absent: it is made when asked for. */
  readonly encodedSchema?: (() => Uint8Array) | undefined;
  /** Loads the client: a process that is started to validate never needs it. */
  readonly loadClient: () => Promise<(options: ClientOptions) => PaletteClient>;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly version: string;
  readonly now?: () => number;
}

/** Whether the provider knows where the API is. */
export type ConnectionState =
  | { readonly kind: 'unconfigured' }
  /** A setting comes from a resource that does not exist yet: nothing can be asked, only planned. */
  | { readonly kind: 'deferred'; readonly setting: string }
  | { readonly kind: 'connected'; readonly connection: Connection };

/** One run of the provider: what its calls share. */
export interface Session {
  readonly options: ProviderOptions;
  /** Aborted when Terraform asks to stop. */
  stop: AbortController;
  connection: ConnectionState;
}

export function createSession(options: ProviderOptions): Session {
  return { options, stop: new AbortController(), connection: { kind: 'unconfigured' } };
}

type Methods = ProviderDefinition['methods'];
export type RpcName = keyof Methods;
export type RequestOf<M extends RpcName> = ReturnType<Methods[M]['requestType']['decode']>;
export type ResponseOf<M extends RpcName> = ReturnType<Methods[M]['responseType']['decode']>;

/** One call of the protocol: one request in, one response out. What is wrong with a configuration or an object is a diagnostic in it. */
export type Rpc<M extends RpcName> = (request: RequestOf<M>, session: Session) => Promise<ResponseOf<M>>;

/** The definition of a resource. @throws Error when there is none of that name */
export async function loadResource(session: Session, typeName: string): Promise<AnyResource> {
  const load = session.options.resources[typeName];
  if (load === undefined) throw new Error(`this provider has no resource ${typeName}`);
  return load();
}

/** The definition of a data source. @throws Error when there is none of that name */
export async function loadDataSource(session: Session, typeName: string): Promise<AnyDataSource> {
  const load = session.options.dataSources[typeName];
  if (load === undefined) throw new Error(`this provider has no data source ${typeName}`);
  return load();
}
