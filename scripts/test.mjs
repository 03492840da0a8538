/**
 * Runs the tests: builds the servers that they need (once, into the cache) and the project, then
 * all suites. Arguments go to Jest. Ends with the line `N passed, N failed` made from Jest's own
 * result.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (args, options = {}) => spawnSync(process.execPath, args, { stdio: 'inherit', ...options }).status ?? 1;
const must = (args) => {
  const status = run(args);
  if (status !== 0) process.exit(status);
};

must(['scripts/build.mjs']);
must(['dist/cli/main.js', 'tools', 'build']);

const folder = mkdtempSync(join(tmpdir(), 'palette-test-'));
const report = join(folder, 'report.json');
const status = run([
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--json',
  `--outputFile=${report}`,
  ...process.argv.slice(2),
]);

let counts;
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  // A suite that cannot even be loaded has no failed tests of its own, yet it failed.
  counts = { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
} catch {
  console.error('the test runner left no report');
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(status !== 0 || counts.failed > 0 || counts.passed === 0 ? 1 : 0);
