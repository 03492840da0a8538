/** Names of conditions, events and metrics are an interface: what is told in docs/agent-health.md is what there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { EVENT_SEVERITIES } from '../events/reasons.ts';
import { createMetrics } from '../metrics.ts';
import { CONDITION_REASONS } from './conditions.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/agent-health.md'), 'utf8');
const section = (title: string): string => text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
/** Words between backticks of a row of a table that begins with `first`. */
const row = (part: string, first: string): string[] => {
  const line = part.split('\n').find((one) => one.startsWith(`| ${first} |`)) ?? '';
  return [...line.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
};

describe('docs/agent-health.md', () => {
  it.each(Object.entries(CONDITION_REASONS))('has the reasons of %s', (type, reasons) => {
    expect(row(section('Conditions'), `\`${type}\``).slice(1)).toEqual(expect.arrayContaining([...reasons]));
  });

  it.each(['error', 'warning', 'info'])('has every reason of severity %s', (severity) => {
    const ofPlane = ['ClusterHealthy', 'ClusterUnHealthy'];
    const told = row(section('Events'), severity).filter((reason) => !ofPlane.includes(reason));
    const known = Object.entries(EVENT_SEVERITIES).flatMap(([reason, is]) => (is === severity ? [reason] : []));
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  it('has every metric, and none that there is not', () => {
    const told = [...section('Metrics').matchAll(/`((?:palette_agent|process)_[a-z_]+)/g)].map(([, name = '']) => name);
    const known = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    expect(told.toSorted()).toEqual(known.toSorted());
  });
});
