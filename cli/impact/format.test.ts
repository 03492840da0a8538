import { describe, expect, it } from '@jest/globals';

import type { ClusterImpact, ProfileImpact } from './collect.ts';
import { impactMarkdown, impactText } from './format.ts';
import { verdictOf } from './verdict.ts';

const counts = { created: 0, changed: 0, removed: 0, unchanged: 3, restarts: 0, refused: 0 };
const change: ClusterImpact['changes'][number] = {
  kind: 'changed',
  layer: 'app',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
  fields: [{ path: 'spec.replicas', before: 1, after: 2 }],
  restarts: true,
};

function cluster(name: string, over: Partial<ClusterImpact> = {}): ClusterImpact {
  return {
    uid: name,
    name,
    projectUid: 'p',
    projectName: 'Default',
    state: 'answered',
    message: '',
    fromVersion: '1.0.0',
    counts,
    changes: [],
    refused: [],
    hooks: [],
    omitted: 0,
    ...over,
  };
}

const profile = { name: 'shop', version: '1.1.0', digest: `sha256:${'a'.repeat(64)}` as const };
const told = (...clusters: readonly ClusterImpact[]): ProfileImpact => ({ profile, clusters });
const changed = { counts: { ...counts, changed: 1, restarts: 1 }, changes: [change] };

describe('the impact of a change', () => {
  it('is told once for clusters of the same fate, the worst first', () => {
    const text = impactText(
      told(
        cluster('same', { state: 'unchanged' }),
        cluster('one', changed),
        cluster('two', { ...changed, counts: { ...changed.counts, unchanged: 9 }, fromVersion: '0.9.0' }),
        cluster('away', { state: 'outOfReach', message: 'its agent was heard last at noon' }),
        cluster('late', { state: 'timedOut', message: 'its agent did not answer in time', lastSeen: 'noon' }),
        cluster('new', {
          counts: { ...counts, refused: 1 },
          refused: [{ layer: 'app', object: change.object, field: 'spec.replicas', message: 'must be positive' }],
        }),
      ),
    );
    expect(text.split('\n')).toEqual([
      'shop 1.1.0 (sha256:aaaaaaaaaaaa): 6 clusters: 1 would refuse it, 2 would change, 2 not known, 1 unchanged',
      'new (1.0.0): 1 refused',
      '  ! Deployment shop/web (layer app): spec.replicas: must be positive',
      'one (1.0.0), two (0.9.0): 1 changed (1 restarts pods)',
      '  ~ Deployment shop/web (layer app), pods restart',
      '      ~ spec.replicas: 1 → 2',
      'away (1.0.0): out of reach, not asked: its agent was heard last at noon',
      'late (1.0.0): its agent did not answer in time; heard last at noon',
      'same (1.0.0): no change',
    ]);
  });

  it('names the hooks that would run, also where they are all that happens', () => {
    const hook = { event: 'pre-upgrade', layer: 'app', object: { ...change.object, kind: 'Job', name: 'migrate' } };
    const text = impactText(told(cluster('one', { counts: { ...counts, hooks: 1 }, hooks: [hook] })));
    expect(text.split('\n').slice(1)).toEqual([
      'one (1.0.0): 1 hook runs',
      '  > pre-upgrade hook Job shop/migrate (layer app)',
    ]);
  });

  it('names ten clusters in a line and counts the rest', () => {
    const clusters = Array.from({ length: 12 }, (_, at) => cluster(`c${at}`));
    expect(impactText(told(...clusters))).toContain('c9 (1.0.0) and 2 more: no change');
    expect(impactText(told())).toBe('shop 1.1.0 (sha256:aaaaaaaaaaaa): no cluster runs it');
  });

  it('lets nothing of a cluster write to the terminal or into the comment', () => {
    const evil = cluster('a`|<b>\u001b[31m', { state: 'failed', message: '| <script> @everyone\u001b]0;x\u0007' });
    expect(impactText(told(evil))).not.toMatch(/(?!\n)\p{Cc}/u);
    const comment = impactMarkdown(told(evil)).join('\n');
    expect(comment).not.toMatch(/(?!\n)\p{Cc}|<script>|<b>|@everyone/u);
  });

  it.each([
    ['unchanged', {}, 'same'],
    ['answered', counts, 'same'],
    ['answered', { ...counts, removed: 1 }, 'changes'],
    ['answered', { ...counts, hooks: 1 }, 'changes'],
    ['answered', { ...counts, removed: 1, refused: 1 }, 'refused'],
    ['refused', undefined, 'refused'],
    ['outOfReach', undefined, 'unknown'],
    ['timedOut', undefined, 'unknown'],
    ['failed', undefined, 'unknown'],
  ] as const)('%s with %j is %s', (state, given, verdict) => {
    const known = given === undefined ? {} : { counts: { ...counts, ...given } };
    expect(verdictOf({ state, ...known })).toBe(verdict);
  });
});
