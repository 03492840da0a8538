/** Everything that is wrong with a profile, its packs looked at. */
import { checkConstraints } from '#packs/constraints/check-constraints';
import { checkValues } from '#packs/check-values';
import { enabledPresets, findMacroReferences, lintPack, type Pack } from '#packs/index';
import type { ProfileDocument, ProfileLayer } from '#profiles/document';
import { titleOf, type ProfileProblem } from '#profiles/problem';
import { packNameOf } from '#profiles/render/pack-source';
import { tryResolve, type ResolvedProfile, type ResolveOptions } from '#profiles/render/resolve-profile';
import { isPlainVersion } from '#profiles/version';

import { checkDocument } from './check-document.ts';

export interface LintOptions extends ResolveOptions {
  /** Of the clusters that will run it; the profile's own Kubernetes goes before. */
  readonly kubeVersion?: string | undefined;
  /** Of their agents. */
  readonly agentVersion?: string | undefined;
}

type Found = Omit<ProfileProblem, 'profile'>;

/**
 * Checks a profile without rendering it: what it says itself, that its packs are there, and what they ask for: presets,
 * schemas of values, constraints. Errors are what would fail.
 */
export async function lintProfile(document: ProfileDocument, options: LintOptions): Promise<ProfileProblem[]> {
  const { problems, ...resolved } = await tryResolve(document, options);
  const profile = titleOf(document);
  const { read, found } = readByPacks(resolved);
  return [
    ...checkDocument(document).filter(
      ({ rule, message }) => rule !== 'variable-unused' || ![...read].some((name) => message.includes(` ${name}:`)),
    ),
    ...problems,
    ...[
      ...found,
      ...document.layers.flatMap((layer) => checkPinning(layer)),
      ...document.layers.flatMap((layer) => checkAgainstPack(layer, resolved.packs.get(layer.name)?.pack)),
      ...checkStack(resolved, options),
    ].map((problem) => ({ profile, ...problem })),
  ];
}

/** A range that nothing pins is another pack tomorrow. */
function checkPinning({ name, type, version, resolved }: ProfileLayer): Found[] {
  if (type === 'manifest' || resolved || isPlainVersion(version)) return [];
  return [
    {
      severity: 'warning',
      layer: name,
      rule: 'not-locked',
      message: `no lock file says what ${JSON.stringify(version || 'latest')} stands for; \`palette profile lock\` pins it`,
    },
  ];
}

function checkAgainstPack(layer: ProfileLayer, pack: Pack | undefined): Found[] {
  if (!pack) return [];
  const presets = pack.presets.map(({ group, name }) => `${group}:${name}`);
  return [
    ...lintPack(pack)
      .filter(({ severity }) => severity === 'error')
      .map((problem) => ({ ...problem, file: `${pack.name}-${pack.version}/${problem.file}` })),
    ...enabledPresets(layer.values)
      .map(({ group, name }) => `${group}:${name}`)
      .filter((name) => !presets.includes(name))
      .map((name) => ({
        severity: 'error' as const,
        file: 'values',
        line: 1,
        rule: 'preset-unknown',
        message: `the pack has no preset ${name}; ${presets.length === 0 ? 'it has none' : `there are ${presets.join(', ')}`}`,
      })),
    ...(pack.layer !== layer.layer && layer.type === 'spectro'
      ? [
          {
            severity: 'error' as const,
            rule: 'layer-kind',
            message: `the pack is of layer ${pack.layer}, and stands in the profile as ${layer.layer}`,
          },
        ]
      : []),
    // Syntax was judged with the document.
    ...checkValues(pack, layer.values).filter(({ rule }) => rule !== 'yaml-syntax'),
  ].map((problem) => ({ ...problem, layer: layer.name }));
}

function checkStack({ document, packs }: ResolvedProfile, { kubeVersion, agentVersion }: LintOptions): Found[] {
  const kubernetes = document.layers.find(({ layer }) => layer === 'k8s')?.resolved?.version;
  const constrained = document.layers.map(({ name, layer, resolved, values }) => ({
    name: packNameOf(name),
    version: resolved?.version ?? '',
    layer,
    pack: packs.get(name)?.pack,
    values,
  }));
  return checkConstraints(constrained, { kubeVersion: kubernetes ?? kubeVersion, agentVersion }).map(
    ({ severity, code, pack, message }) => ({
      severity,
      layer: document.layers.find(({ name }) => packNameOf(name) === pack)?.name ?? pack,
      rule: code.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase(),
      message,
    }),
  );
}

/** Variables that the packs' own values and manifests read: they are used, and have to be there. */
function readByPacks({ document, packs }: ResolvedProfile): { read: ReadonlySet<string>; found: readonly Found[] } {
  const defined = new Set(document.variables.map(({ name }) => name));
  const read = new Set<string>();
  const found: Found[] = [];
  for (const [layer, { pack }] of packs) {
    const texts = [
      { file: 'values.yaml', text: pack.values },
      ...pack.manifests.map(({ path, content }) => ({ file: path, text: content })),
    ];
    for (const { file, text } of texts) {
      for (const { macro, paths, line, column } of findMacroReferences(text)) {
        for (const name of paths.filter((path) => path.startsWith('var.')).map((path) => path.slice('var.'.length))) {
          read.add(name);
          if (defined.has(name) || /\|\s*default\b/.test(macro)) continue;
          found.push({
            severity: 'warning',
            layer,
            file: `${pack.name}-${pack.version}/${file}`,
            line,
            column,
            rule: 'variable-undefined',
            message: `the pack reads the variable ${name}, which the profile does not define; define it, or give the value that reads it another one`,
          });
        }
      }
    }
  }
  return { read, found };
}
