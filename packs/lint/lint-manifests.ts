import { maskMacros } from '../macros/resolve.ts';
import { scanOtherActions } from '../macros/scan.ts';
import type { Pack } from '../pack.ts';
import type { Problem } from '../problem.ts';
import { LONE_BRACES } from '../render/manifests.ts';
import { positionsOf } from '../text-position.ts';
import { isJsonObject, parseYamlStream } from '../yaml.ts';
import { lintMacros } from './lint-macros.ts';

/** Manifests: macros in all of them, YAML and the shape of objects in those that are no templates. */
export function lintManifests(pack: Pack): Problem[] {
  return pack.manifests.flatMap(({ path, content }) => {
    const macros = lintMacros(path, content);
    // What a template yields is known when it is rendered, and Helm says what is wrong with it then.
    if (scanOtherActions(content).length > 0) return [...macros, ...lintBraces(path, content)];
    const { documents, problems } = parseYamlStream(maskMacros(content).masked);
    return [
      ...macros,
      ...problems.map((problem): Problem => ({ severity: 'error', file: path, rule: 'yaml-syntax', ...problem })),
      ...documents.flatMap(({ value, line }): Problem[] => {
        const missing = ['apiVersion', 'kind'].filter(
          (field) => !isJsonObject(value) || typeof value[field] !== 'string' || value[field] === '',
        );
        return missing.length === 0
          ? []
          : [
              {
                severity: 'error',
                file: path,
                line,
                column: 1,
                rule: 'manifest-object',
                message: `the document is no Kubernetes object: ${missing.join(' and ')} missing`,
              },
            ];
      }),
    ];
  });
}

function lintBraces(file: string, content: string): Problem[] {
  const position = positionsOf(content);
  return [...content.matchAll(LONE_BRACES)].map(({ index, 1: indent = '', 2: action = '' }) => ({
    severity: 'warning',
    file,
    ...position(index + indent.length),
    rule: 'template-braces',
    message: `the action stands between single braces; it is read as "{{- ${action} }}"`,
  }));
}
