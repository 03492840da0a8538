import { failureDiagnostic } from './failure.ts';
import { toDiagnostics } from './convert/to-proto.ts';
import * as proto from './generated/tfplugin6.ts';
import { createProtocolDump, type ProtocolDump } from './protocol-dump.ts';
import { applyResourceChange } from './rpc/apply-resource-change.ts';
import { configureProvider } from './rpc/configure-provider.ts';
import { getProviderSchema } from './rpc/get-provider-schema.ts';
import { importResourceState } from './rpc/import-resource-state.ts';
import { planResourceChange } from './rpc/plan-resource-change.ts';
import { readDataSource } from './rpc/read-data-source.ts';
import { readResource } from './rpc/read-resource.ts';
import { callFunction, getFunctions, getMetadata, getResourceIdentitySchemas, moveResourceState, stopProvider } from './rpc/small-calls.ts';
import { upgradeResourceState } from './rpc/upgrade-resource-state.ts';
import { validateProviderConfig } from './rpc/validate-provider-config.ts';
import { validateDataResourceConfig, validateResourceConfig } from './rpc/validate-resource-config.ts';
import type { RequestOf, ResponseOf, Rpc, RpcName, Session } from './session.ts';
import type { UnaryRoute } from './transport/grpc-server.ts';

/** Every call of the protocol that is served. */
const rpcs = {
  applyResourceChange,
  callFunction,
  configureProvider,
  getFunctions,
  getMetadata,
  getProviderSchema,
  getResourceIdentitySchemas,
  importResourceState,
  moveResourceState,
  planResourceChange,
  readDataSource,
  readResource,
  stopProvider,
  upgradeResourceState,
  validateDataResourceConfig,
  validateProviderConfig,
  validateResourceConfig,
} satisfies { [M in RpcName]: Rpc<M> };

/**
 * What stands in an answer besides its diagnostics when a call fails in a way that nobody foresaw: a state that
 * Terraform sent must never come back empty, which would mean that the object is gone.
 */
const unharmed: { readonly [M in RpcName]?: (request: RequestOf<M>) => Partial<ResponseOf<M>> } = {
  applyResourceChange: ({ priorState, plannedPrivate }) => ({ newState: priorState, private: plannedPrivate, legacyTypeSystem: true }),
  readResource: ({ currentState, private: kept }) => ({ newState: currentState, private: kept }),
};

/** The provider's service: its routes by path. */
export function providerRoutes(session: Session): ReadonlyMap<string, UnaryRoute> {
  const dump = createProtocolDump(session.options.env['TF_LOG_SDK_PROTO_DATA_DIR']);
  const entries = Object.entries(proto.ProviderDefinition.methods).map(([name, method]): [string, UnaryRoute] => [
    `/${proto.ProviderDefinition.fullName}/${method.name}`,
    route(name as RpcName, session, dump), // as: the keys of `methods` are the names
  ]);
  return new Map(entries);
}

function route<M extends RpcName>(name: M, session: Session, dump: ProtocolDump): UnaryRoute {
  const { log } = session.options;
  // as: TypeScript does not see that request, response and function of one name belong together
  const method = proto.ProviderDefinition.methods[name] as unknown as {
    readonly name: string;
    readonly requestType: proto.MessageFns<RequestOf<M>>;
    readonly responseType: proto.MessageFns<ResponseOf<M>>;
  };
  const rpc = rpcs[name] as unknown as Rpc<M>;
  return {
    async handle(bytes) {
      const request = method.requestType.decode(bytes);
      dump.write(method.name, 'Request', request);
      let response: ResponseOf<M>;
      try {
        response = await rpc(request, session);
      } catch (error) {
        log.error({ rpc: method.name, error, stack: error instanceof Error ? error.stack : undefined }, 'a call failed');
        response = failed(method.responseType.decode(new Uint8Array()), error, { name, request });
      }
      dump.write(method.name, 'Response', response);
      return method.responseType.encode(response).finish();
    },
  };
}

/** An answer that says what failed. Terraform shows diagnostics; an error of gRPC it would call a crash. */
function failed<M extends RpcName>(empty: ResponseOf<M>, error: unknown, { name, request }: { readonly name: M; readonly request: RequestOf<M> }): ResponseOf<M> {
  if (!('diagnostics' in empty)) throw error;
  const type = 'typeName' in request ? request.typeName : 'the provider';
  const diagnostic = failureDiagnostic(error, { verb: `answer ${name} for`, type, model: { fields: [] } });
  return { ...empty, ...unharmed[name]?.(request), diagnostics: toDiagnostics([diagnostic]) };
}
