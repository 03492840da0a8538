/**
 * The order of the suites: those that take longest come first, so that no worker is left alone with one at the end. Jest
 * orders by what suites took last time, which a fresh checkout does not know, and by size, which says little here.
 */
import DefaultSequencer from '@jest/test-sequencer';

/** What takes more than half a minute on two cores, longest first. */
const LONG = [
  'faults/crossplane-kills',
  'conformance/managed',
  'conformance/lifecycle',
  'faults/seeds',
  'faults/crashes',
  'faults/crossplane',
  'faults/crossplane-composites',
  'crossplane/story',
  'day2/backup',
  'faults/bad-input',
  'package/package',
  'cli/up',
  'e2e/restart',
  'local/page',
  'agent/channel-firewall',
];

export default class LongestFirst extends DefaultSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return at === -1 ? LONG.length : at;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
