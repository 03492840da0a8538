/** What the contract says of requests and answers, as types. */
import type { components, operations } from '#openapi/local/generated/types';

export type Schemas = components['schemas'];
export type OperationId = keyof operations;

type JsonBody<R> = R extends { readonly content: { readonly 'application/json': infer Body } } ? Body : undefined;
type Responses<Op extends OperationId> = operations[Op]['responses'];
type SuccessStatus = 200 | 201 | 202 | 204;

/** The answer of an operation: the one 2xx status that the contract has, and its body. */
export type LocalAnswer<Op extends OperationId> = {
  [Status in keyof Responses<Op> & SuccessStatus]: {
    readonly status: Status;
    readonly body: JsonBody<Responses<Op>[Status]>;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof Responses<Op> & SuccessStatus];
