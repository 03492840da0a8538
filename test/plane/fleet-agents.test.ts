import { describeAgents } from './fleet-agents-suite.ts';

describeAgents('PGlite', async () => ({ kind: 'memory' }));
