/** docs/crossplane.md says what the code says: reasons, metrics, kinds, files and command lines. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { packageRoot } from '#cli/package-root';
import { createProgram } from '#cli/program';
import { createMetrics } from '#crossplane/controller/metrics';
import { PaletteClusterSpec } from '#crossplane/function/composites';
import { createFunctionMetrics } from '#crossplane/function/metrics';
import { recognize } from '#crossplane/migrate/provider-palette';
import { loadTargets } from '#crossplane/migrate/targets';
import { kindsOf, managedKinds } from '#crossplane/schema/kinds';
import { isKubeObject } from '#kubernetes/object';

let text = '';
beforeAll(async () => {
  text = await readFile(join(packageRoot, 'docs/crossplane.md'), 'utf8');
});

/** Rows of the first table below a heading (or a line) that begins so, without its head; code marks are removed. */
function table(below: string): string[][] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(below));
  const first = lines.findIndex((line, index) => index > from && line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codes = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** The members of a union of texts, as its source file has them. */
async function unionOf(file: string, name: string): Promise<string[]> {
  const source = await readFile(join(packageRoot, file), 'utf8');
  const [, body = ''] = new RegExp(`export type ${name} =(.*?);\n`, 's').exec(source) ?? [];
  const members = [...body.matchAll(/^\s*\|?\s*'(\w+)'/gm), ...body.matchAll(/\| '(\w+)'/g)].map(([, one = '']) => one);
  return [...new Set(members)].toSorted();
}

describe('docs/crossplane.md', () => {
  it('lists every reason of events', async () => {
    const listed = table('### Events').flatMap(([reason]) => codes(reason));
    expect(listed.toSorted()).toEqual(await unionOf('crossplane/controller/contracts.ts', 'EventReason'));
  });

  it('lists every reason of conditions', async () => {
    const file = 'crossplane/controller/reconcile/conditions.ts';
    const reasons = (condition: string): string[] =>
      table('### Conditions')
        .filter(([of]) => codes(of).includes(condition))
        .flatMap(([, reason]) => codes(reason))
        .toSorted();
    expect(reasons('Synced')).toEqual(await unionOf(file, 'SyncedReason'));
    expect(reasons('Ready')).toEqual(await unionOf(file, 'ReadyReason'));
  });

  it('lists every reason of the function', async () => {
    const listed = table('### Results of the function').flatMap(([reason]) => codes(reason));
    expect(listed.toSorted()).toEqual(await unionOf('crossplane/function/outcome.ts', 'Reason'));
  });

  it('lists every metric of the controller', async () => {
    const metrics = await createMetrics().registry.getMetricsAsJSON();
    const listed = table('### Metrics').flatMap(([metric]) => codes(metric));
    expect(listed.toSorted()).toEqual(metrics.map(({ name }) => name).toSorted());
  });

  it('names every metric of the function', async () => {
    const metrics = await createFunctionMetrics(() => 0).registry.getMetricsAsJSON();
    const own = metrics.map(({ name }) => name).filter((name) => name.startsWith('palette_'));
    expect(own.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('says what kinds of provider-palette become', () => {
    const rows = table('### What becomes what').filter(([theirs]) => codes(theirs).length === 2);
    expect(rows).toHaveLength(7);
    for (const [theirs, ours] of rows) {
      const [group = '', kind = ''] = codes(theirs);
      const recognized = recognize(`${group}/${kind === 'ProviderConfig' ? 'v1beta1' : 'v1alpha1'}`, kind);
      const [want] = codes(ours);
      expect(recognized.kind === 'managed' ? kindsOf(recognized.type)[0].kind : kind).toBe(want);
    }
  });

  it('shows command lines of palette that are there', () => {
    const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block);
    const lines = blocks
      .join('\n')
      .replaceAll(/\\\n\s*/g, ' ')
      .split('\n')
      .flatMap((line) => line.split(/\||&&/))
      .map((line) => line.trim())
      .filter((line) => line.startsWith('palette '));
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const words = line.split(/\s+/).slice(1);
      const command = words.reduce<Command>(
        (at, word) => at.commands.find((child) => child.name() === word) ?? at,
        createProgram(),
      );
      expect({ line, isLeaf: command.commands.length === 0 }).toEqual({ line, isLeaf: true });
      const flags = words.filter((word) => word.startsWith('--'));
      expect({ line, flags: command.options.map(({ long }) => long) }).toEqual({
        line,
        flags: expect.arrayContaining(flags),
      });
    }
  });

  it('shows manifests that fit their kinds', async () => {
    const target = await loadTargets();
    const blocks = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block = '']) => block);
    const objects = blocks.flatMap((block) =>
      [...parseAllDocuments(block)].map((document): unknown => document.toJS()),
    );
    const checked = objects.filter(isKubeObject).map((object) => {
      if (object.kind === 'PaletteCluster') PaletteClusterSpec.parse(object['spec']);
      const managed = managedKinds().find(
        ({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind,
      );
      if (managed !== undefined) expect(target(managed.type, managed.scope).check(object)).toEqual([]);
      return object.kind;
    });
    expect(checked).toEqual(['Secret', 'ClusterProviderConfig', 'ClusterProfile', 'PaletteCluster']);
  });

  it('names files that exist', async () => {
    const links = [...text.matchAll(/\]\((?!https:|#)([^)#]+)/g)].map(([, link = '']) => join('docs', link));
    const paths = [...text.matchAll(/-f ((?:crossplane|examples)\/\S+)/g)].map(([, path = '']) => path);
    for (const path of [...links, ...paths]) {
      const found = await stat(join(packageRoot, path)).catch(() => undefined);
      expect({ path, exists: found !== undefined }).toEqual({ path, exists: true });
    }
  });
});
