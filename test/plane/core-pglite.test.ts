import { describeCore } from './core-suite.ts';
import { describeIdempotency } from './idempotency-suite.ts';
import { describeResourceEvents } from './resource-events-suite.ts';

describeCore('PGlite', async () => undefined);
describeIdempotency('PGlite', async () => undefined);
describeResourceEvents('PGlite', async () => undefined);
