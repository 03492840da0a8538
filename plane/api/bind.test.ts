import { describe, expect, it } from '@jest/globals';

import { bindHandlers, mismatches } from './bind.ts';
import { loadContract } from './contract.ts';
import type { Handlers } from './handler.ts';
import { handlers } from './handlers.ts';

const contract = loadContract();

describe('bindHandlers', () => {
  it('finds a handler for every operation of the contract, and none beside', () => {
    expect(mismatches(contract, handlers)).toEqual([]);
    expect(bindHandlers(contract, handlers)).toHaveLength(contract.operations.length);
  });

  it('refuses to start when an operation has no handler, and says which', () => {
    const rest = Object.fromEntries(Object.entries(handlers).filter(([id]) => id !== 'v1ProjectsUidGet'));
    // The type check refuses it as well; this is what a build without types would meet.
    expect(() => bindHandlers(contract, rest as unknown as Handlers)).toThrow(
      'v1ProjectsUidGet (GET /v1/projects/{uid}) has no handler',
    );
  });

  it('refuses an operation that the contract opens to others than the code says', () => {
    const operations = contract.operations.map((operation) =>
      operation.id === 'v1ProjectsUidGet' ? { ...operation, security: [] } : operation,
    );
    expect(() => bindHandlers({ ...contract, operations }, handlers)).toThrow(
      'v1ProjectsUidGet: the contract lets in []',
    );
  });

  it('compiles the schemas of every operation', () => {
    const problems = bindHandlers(contract, handlers).flatMap(({ operation, validator }) => {
      try {
        for (const place of ['path', 'query', 'header'] as const) validator.parameters(place, {});
        if (operation.body?.contentType === 'application/json') validator.body({});
        for (const status of operation.replies.keys()) validator.reply(status, {});
        return [];
      } catch (error) {
        return [`${operation.id}: ${String(error)}`];
      }
    });
    expect(problems).toEqual([]);
  });
});
