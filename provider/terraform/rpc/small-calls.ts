import { toDiagnostics } from '../convert/to-proto.ts';
import type { Rpc } from '../session.ts';
import { SERVER_CAPABILITIES } from './get-provider-schema.ts';

/** The calls whose answer is a line. */

export const getMetadata: Rpc<'getMetadata'> = async (_request, { options }) =>
  Promise.resolve({
    serverCapabilities: SERVER_CAPABILITIES,
    diagnostics: [],
    resources: Object.keys(options.resources).map((typeName) => ({ typeName })),
    dataSources: Object.keys(options.dataSources).map((typeName) => ({ typeName })),
  });

/** There are no resource identities: every resource is known by its id. */
export const getResourceIdentitySchemas: Rpc<'getResourceIdentitySchemas'> = async () =>
  Promise.resolve({ diagnostics: [] });

export const getFunctions: Rpc<'getFunctions'> = async () => Promise.resolve({ diagnostics: [] });

export const callFunction: Rpc<'callFunction'> = async ({ name }) =>
  Promise.resolve({ result: undefined, error: { text: `this provider has no function ${name}` } });

export const moveResourceState: Rpc<'moveResourceState'> = async ({ sourceTypeName, targetTypeName }) =>
  Promise.resolve({
    targetState: undefined,
    diagnostics: toDiagnostics([
      {
        severity: 'error',
        summary: 'A state cannot be moved between types of resources',
        detail: `${sourceTypeName} and ${targetTypeName} have nothing in common: remove the one from the state and import the other.`,
      },
    ]),
  });

/** Ends what runs and returns at once; Terraform waits for the running calls by itself. */
export const stopProvider: Rpc<'stopProvider'> = async (_request, session) => {
  session.options.log.info({}, 'Terraform asks to stop');
  session.stop.abort(new Error('Terraform was interrupted'));
  return Promise.resolve({ error: '' });
};
