import { canonicalDigest } from '#protocol/canonical';

import type { ProfileDocument, Variable } from './document.ts';

/**
 * Content address of a profile: equal exactly when two profiles make clusters do the same. Name, version, description
 * and tags do not count, so a promotion keeps the digest; of a resolved layer the pack's digest counts and not the range
 * it was found by. What a variable leaves out counts as the default that it stands for, since clients differ in what they
 * write out.
 */
export function profileDigest({ type, cloud, variables, layers }: ProfileDocument): string {
  return canonicalDigest({
    type,
    cloud,
    variables: variables.map(essence).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    layers: layers.map(({ name, layer, type: kind, version, resolved, values, manifests }) => ({
      name,
      layer,
      type: kind,
      content: resolved ?? { version },
      values: values.trim(),
      manifests: manifests.map(({ name: manifest, content }) => ({ name: manifest, content: content.trim() })),
    })),
  });
}

/** Without what says nothing: empty texts and lists, `false`, and the defaults of format and input type. */
function essence({ options, format, inputType, ...rest }: Variable): { readonly name: string } {
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '' && value !== false));
  return {
    ...said,
    name: rest.name,
    ...(format === undefined || format === 'string' ? {} : { format }),
    ...(inputType === undefined || inputType === 'text' ? {} : { inputType }),
    ...(options === undefined || options.length === 0
      ? {}
      : {
          // Which option is the default follows from the default value.
          options: options.map(({ value, label, description }) => ({
            value,
            ...(label ? { label } : {}),
            ...(description ? { description } : {}),
          })),
        }),
  };
}
