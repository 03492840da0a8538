import { notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

/** Kinds of objects that no operation of this API can make: whatever identifier is asked for, there is none. */
export const absentHandlers = {
  v1WorkspacesClusterRbacCreate: async ({ path }) => {
    throw notFound('workspace', path.uid);
  },
} satisfies SomeHandlers;
