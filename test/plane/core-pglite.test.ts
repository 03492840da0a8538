import { describeCore } from './core-suite.ts';

describeCore('PGlite', async () => undefined);
