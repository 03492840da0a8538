/** The README's first command line, minus the installation: every step checks itself. */
import { describe, expect, it } from '@jest/globals';

import { execute } from '#test/bench/processes';

describe('npm run quickstart', () => {
  it('shows the whole idea on real servers, each step checked', async () => {
    const { stdout } = await execute(process.execPath, ['dist/examples/quickstart/run.js']);
    expect(stdout).toMatch(/^in all /m);
    expect(stdout).toMatch(/terraform destroy: nothing of the profile is left/);
  }, 300_000);
});
