/** What the layers of a profile read, held against what the profile defines. */
import { findMacroReferences } from '#packs/index';
import { PlaneError } from '#plane/api/error';

import type { Variable } from '#profiles/document';
import type { ProfileTemplate } from './profile.ts';

/**
 * Refuses layers that read a profile variable which the profile does not define: the agent could never render them.
 * A macro with a `default` of its own may name a variable that is not there.
 *
 * @throws PlaneError 422 `UndefinedVariable` with every place: pack, file, line, variable.
 */
export function checkReferences(template: ProfileTemplate, variables: readonly Variable[]): void {
  const defined = new Set(variables.map((variable) => variable.name));
  const places = template.packs.flatMap((pack) =>
    [
      { file: 'values', text: pack.values },
      ...pack.manifests.map((manifest) => ({ file: `manifest ${manifest.name}`, text: manifest.content })),
    ].flatMap(({ file, text }) =>
      findMacroReferences(text).flatMap(({ macro, paths, line }) =>
        paths
          .filter((path) => path.startsWith('var.') && !/\|\s*default\b/.test(macro))
          .map((path) => path.slice('var.'.length))
          .filter((name) => !defined.has(name))
          .map((variable) => ({ pack: pack.name, file, line, variable })),
      ),
    ),
  );
  const [first] = places;
  if (first === undefined) return;
  const known = variables.length === 0 ? 'it defines none' : `it defines ${[...defined].join(', ')}`;
  throw new PlaneError(
    422,
    'UndefinedVariable',
    `pack ${first.pack}, ${first.file}, line ${first.line}: the profile does not define the variable ${first.variable} (${known}); define it, or give the macro a default`,
    { problems: places },
  );
}
