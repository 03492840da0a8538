import { describeCore } from './core-suite.ts';
import { describeIdempotency } from './idempotency-suite.ts';
import { describeResourceEvents } from './resource-events-suite.ts';

describeCore('PGlite', async () => 'embedded');
describeIdempotency('PGlite', async () => 'embedded');
describeResourceEvents('PGlite', async () => 'embedded');
