import { describeSlice } from './fleet-slice-suite.ts';

describeSlice('PGlite', async () => ({ kind: 'memory' }));
