import { findMacroReferences } from '#packs/macros/resolve';
import { didYouMean } from '#packs/macros/suggest';
import type { ProfileDocument, ProfileLayer } from '#profiles/document';
import type { ProfileProblem } from '#profiles/problem';

/** What `{{ .spectro.system.… }}` can be followed by. */
export const SYSTEM_MACROS = [
  'user.name',
  'user.uid',
  'user.email',
  'tenant.uid',
  'project.name',
  'project.uid',
  'clusterprofile.name',
  'clusterprofile.uid',
  'clusterprofile.version',
  'clusterprofile.infra.name',
  'clusterprofile.infra.uid',
  'clusterprofile.infra.version',
  'cluster.name',
  'cluster.uid',
  'cluster.kubevip',
  'cloudaccount.name',
  'cloudaccount.uid',
  'kubernetes.version',
  'reverseproxy.server',
  'reverseproxy.port',
  'reverseproxy.protocol',
  'reverseproxy.vhostport',
  'cloud.type',
  'cloud.region',
] as const;

type Found = Omit<ProfileProblem, 'profile'>;

/** What the layers read, held against what there is: variables of the profile, packs of the profile, system macros. */
export function checkMacros({ layers, variables }: ProfileDocument): Found[] {
  const names = variables.map(({ name }) => name);
  const used = new Set<string>();
  const found = layers.flatMap((layer) =>
    references(layer).flatMap(({ path, ...reference }): Found[] => {
      const [group = '', ...rest] = path.split('.');
      const name = rest.join('.');
      if (group === 'var') used.add(name);
      return problemsOf(group, name, { names, layers }).map((problem) => ({
        ...problem,
        layer: layer.name,
        file: reference.file,
        line: reference.line,
        column: reference.column,
        // A macro that says what stands in its place may name what is not there.
        severity: reference.defaulted ? 'warning' : problem.severity,
      }));
    }),
  );
  const unused = names.filter((name) => !used.has(name));
  return [
    ...found,
    ...unused.map((name): Found => ({
      severity: 'warning',
      rule: 'variable-unused',
      message: `variable ${name}: no layer's values and manifests read it; if a pack's own do not either, it does nothing`,
    })),
  ];
}

function references({ values, manifests }: ProfileLayer): {
  path: string;
  file: string;
  line: number;
  column: number;
  defaulted: boolean;
}[] {
  const texts = [
    { file: 'values', text: values },
    ...manifests.map(({ name, content }) => ({ file: `manifest ${name}`, text: content })),
  ];
  return texts.flatMap(({ file, text }) =>
    findMacroReferences(text).flatMap(({ macro, paths, line, column }) =>
      paths.map((path) => ({ path, file, line, column, defaulted: /\|\s*default\b/.test(macro) })),
    ),
  );
}

function problemsOf(
  group: string,
  name: string,
  { names, layers }: { readonly names: readonly string[]; readonly layers: readonly ProfileLayer[] },
): Pick<Found, 'severity' | 'rule' | 'message'>[] {
  switch (group) {
    case 'var':
      return names.includes(name)
        ? []
        : [
            {
              severity: 'error',
              rule: 'variable-undefined',
              message: `the profile does not define the variable ${name}${didYouMean(name, names) || (names.length === 0 ? '; it defines none' : `; it defines ${names.join(', ')}`)}`,
            },
          ];
    case 'system':
      return SYSTEM_MACROS.some((known) => known === name)
        ? []
        : [
            {
              severity: 'warning',
              rule: 'system-macro-unknown',
              message: `.spectro.system.${name} is no system macro that is known${didYouMean(name, SYSTEM_MACROS)}`,
            },
          ];
    case 'pack':
      return layers.some((layer) => name === layer.name || name.startsWith(`${layer.name}.`))
        ? []
        : [
            {
              severity: 'warning',
              rule: 'pack-output-unknown',
              message: `.spectro.pack.${name} reads a pack that is not in the profile; another profile of the cluster has to bring it`,
            },
          ];
    default:
      return [];
  }
}
