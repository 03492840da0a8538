import type { ProfileLayer } from '#profiles/document';
import type { ProfileProblem } from '#profiles/problem';

import { lintMacros } from '#packs/lint/lint-macros';
import { maskMacros } from '#packs/macros/resolve';
import { parseValues } from '#packs/values';
import { isJsonObject, parseYamlStream } from '#packs/yaml';

/** The YAML of a layer: its values and its manifests, macros in them as written. */
export function checkTexts({ name, values, manifests }: ProfileLayer): Omit<ProfileProblem, 'profile'>[] {
  const parsed = parseValues(values);
  const shape =
    parsed.problems.length === 0 && parsed.value != null && !isJsonObject(parsed.value)
      ? [
          {
            severity: 'error' as const,
            file: 'values',
            line: 1,
            column: 1,
            rule: 'values-shape',
            message: 'expected a map of values',
          },
        ]
      : [];
  return [
    ...lintMacros('values', values),
    ...parsed.problems.map((problem) => ({
      severity: 'error' as const,
      file: 'values',
      rule: 'yaml-syntax',
      ...problem,
    })),
    ...parsed
      .duplicateKeys()
      .map((problem) => ({ severity: 'warning' as const, file: 'values', rule: 'duplicate-key', ...problem })),
    ...shape,
    ...manifests.flatMap((manifest) => checkManifest(`manifest ${manifest.name}`, manifest.content)),
  ].map((problem) => ({ layer: name, ...problem }));
}

function checkManifest(file: string, content: string): Omit<ProfileProblem, 'profile' | 'layer'>[] {
  const macros = lintMacros(file, content);
  if (macros.length > 0) return macros;
  const { documents, problems } = parseYamlStream(maskMacros(content).masked);
  return [
    ...problems.map((problem) => ({ severity: 'error' as const, file, rule: 'yaml-syntax', ...problem })),
    ...documents.flatMap(({ value, line }) =>
      isJsonObject(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string'
        ? []
        : [
            {
              severity: 'error' as const,
              file,
              line,
              rule: 'manifest-shape',
              message: 'expected a Kubernetes object with apiVersion and kind',
            },
          ],
    ),
  ];
}
