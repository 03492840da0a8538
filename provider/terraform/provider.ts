import type { Diagnostic } from '#resources/engine/diagnostic';

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
import {
  callFunction,
  getFunctions,
  getMetadata,
  getResourceIdentitySchemas,
  moveResourceState,
  stopProvider,
} from './rpc/small-calls.ts';
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

/** A call whose types are forgotten: what belongs to one name fits together. */
interface AnyCall {
  readonly name: string;
  readonly requestType: proto.MessageFns<object>;
  readonly responseType: proto.MessageFns<object>;
}

/** The provider's service: its routes by path. */
export function providerRoutes(session: Session): ReadonlyMap<string, UnaryRoute> {
  const dump = createProtocolDump(session.options.env['TF_LOG_SDK_PROTO_DATA_DIR']);
  const entries = Object.entries(proto.ProviderDefinition.methods).map(([name, method]): [string, UnaryRoute] => [
    `/${proto.ProviderDefinition.fullName}/${method.name}`,
    route(name as RpcName, session, dump), // as: the keys of `methods` are the names
  ]);
  return new Map(entries);
}

function route(name: RpcName, session: Session, dump: ProtocolDump): UnaryRoute {
  const { log } = session.options;
  // as: TypeScript does not see that request, response and function of one name belong together
  const method = proto.ProviderDefinition.methods[name] as unknown as AnyCall;
  const rpc = rpcs[name] as unknown as (request: object, session: Session) => Promise<object>;
  return {
    async handle(bytes) {
      const request = method.requestType.decode(bytes);
      dump.write(method.name, 'Request', request);
      let response: object;
      try {
        response = await rpc(request, session);
      } catch (error) {
        const stack = error instanceof Error ? error.stack : undefined;
        log.error({ rpc: method.name, error, stack }, 'a call failed');
        const empty = method.responseType.decode(new Uint8Array());
        // An error of gRPC Terraform would call a crash; a diagnostic it shows.
        if (!('diagnostics' in empty)) throw error;
        response = {
          ...empty,
          ...unharmed(name, request),
          diagnostics: toDiagnostics([unforeseen(name, request, error)]),
        };
      }
      dump.write(method.name, 'Response', response);
      return method.responseType.encode(response).finish();
    },
  };
}

/**
 * What stands in an answer besides its diagnostics when a call fails in a way that nobody foresaw: a state that
 * Terraform sent must never come back empty, which would mean that the object is gone.
 */
function unharmed(name: RpcName, request: object): Partial<ResponseOf<'applyResourceChange' | 'readResource'>> {
  if (name === 'applyResourceChange') {
    const { priorState, plannedPrivate } = request as RequestOf<typeof name>; // as: the request of this name
    return { newState: priorState, private: plannedPrivate, legacyTypeSystem: true };
  }
  if (name === 'readResource') {
    const { currentState, private: kept } = request as RequestOf<typeof name>; // as: the request of this name
    return { newState: currentState, private: kept };
  }
  return {};
}

function unforeseen(name: RpcName, request: object, error: unknown): Diagnostic {
  const type = 'typeName' in request ? String(request.typeName) : 'the provider';
  return failureDiagnostic(error, { verb: `answer ${name} for`, type, model: { fields: [] } });
}
