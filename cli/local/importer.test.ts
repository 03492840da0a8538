import { describe, expect, it } from '@jest/globals';

import { withoutAgentDeployment } from './importer.ts';

describe('withoutAgentDeployment', () => {
  it('keeps every object but the Deployment, with its comments', () => {
    const manifest =
      '---\n# Where it lives.\nkind: Namespace\nmetadata:\n  name: a\n---\nkind: Deployment\nmetadata:\n  name: agent\n---\nkind: Secret\nmetadata:\n  name: s\n';
    const kept = withoutAgentDeployment(manifest);
    expect(kept).not.toContain('Deployment');
    expect(kept).toContain('# Where it lives.\nkind: Namespace');
    expect(kept).toContain('kind: Secret');
  });
});
