import { accessOf, type Access, type OperationId } from './access.ts';
import type { Contract, Operation } from './contract.ts';
import type { AgentContext, Handlers, PublicContext, UserContext } from './handler.ts';
import type { CheckedRequest } from './read-request.ts';
import { createValidators, type OperationValidator } from './validate.ts';
import type { AnyReply } from './write-reply.ts';

/** An operation of the contract with everything that serving it takes. */
export type Binding = {
  readonly operation: Operation;
  readonly validator: OperationValidator;
  /** The answer stays open for as long as the caller listens. */
  readonly streams: boolean;
} & (
  | { readonly access: 'user'; readonly handle: Handle<UserContext> }
  | { readonly access: 'agent'; readonly handle: Handle<AgentContext> }
  | { readonly access: 'public'; readonly handle: Handle<PublicContext> }
);

type Handle<C> = (request: CheckedRequest, context: C) => Promise<AnyReply>;

/**
 * Ties handlers to the contract's operations.
 *
 * @throws Error that names every operation without a handler, every handler without an operation, and every operation
 *   whose callers the contract and `ACCESS` tell differently: the plane does not start half bound.
 */
export function bindHandlers(contract: Contract, handlers: Handlers): readonly Binding[] {
  const problems = mismatches(contract, handlers);
  if (problems.length > 0)
    throw new Error(`handlers do not fit the contract:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  const validatorOf = createValidators(contract);
  return contract.operations.map((operation) => {
    const access = accessOf(operation.id);
    const streams = [...operation.replies.values()].some((reply) => reply?.contentType === 'text/event-stream');
    // `Handlers` types each handler by its operation; here they are called by the contract alone, which validates
    // what goes in and what comes out.
    return {
      operation,
      validator: validatorOf(operation),
      streams,
      access,
      handle: handlers[operation.id] as unknown,
    } as Binding;
  });
}

/** What keeps handlers and contract from being bound, in words. */
export function mismatches(contract: Contract, handlers: Partial<Handlers>): readonly string[] {
  const ids = new Set<string>(contract.operations.map(({ id }) => id));
  return [
    ...contract.operations
      .filter(({ id }) => !Object.hasOwn(handlers, id))
      .map(({ id, method, path }) => `${id} (${method} ${path}) has no handler`),
    ...Object.keys(handlers)
      .filter((id) => !ids.has(id))
      .map((id) => `the handler ${id} belongs to no operation`),
    ...contract.operations.flatMap(accessProblem),
  ];
}

const SCHEMES: Readonly<Record<Access, readonly string[]>> = {
  user: ['ApiKey', 'Authorization'],
  agent: ['AgentToken'],
  public: ['none'],
};

function accessProblem({ id, security }: Operation): readonly string[] {
  const access: Access = accessOf(id);
  const fits =
    access === 'public'
      ? security.length === 0 || security.includes('none')
      : security.join() === SCHEMES[access].join();
  return fits
    ? []
    : [
        `${id satisfies OperationId}: the contract lets in [${security.join(', ')}], plane/api/access.ts says ${access}`,
      ];
}
