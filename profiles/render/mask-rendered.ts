import type { KubernetesObject } from '#packs/index';
import { MASKED, maskSecretContent, maskTexts } from '#profiles/diff/mask';
import type { ProfileDocument } from '#profiles/document';
import type { RenderedProfile } from '#profiles/rendered';

/**
 * The rendered profile as it may be shown: contents of Secrets hidden, and the values of sensitive variables wherever they
 * stand.
 */
export function maskRendered(
  rendered: RenderedProfile,
  document: Pick<ProfileDocument, 'variables'>,
  variables: Readonly<Record<string, string>> = {},
): RenderedProfile {
  const secrets = document.variables
    .filter(({ isSensitive }) => isSensitive)
    .map(({ name, defaultValue = '' }) => variables[name] ?? defaultValue);
  const hide = maskTexts(secrets);
  return {
    ...rendered,
    layers: rendered.layers.map(({ layer, objects }) => ({
      layer: { ...layer, ...(layer.variables ? { variables: maskVariables(layer.variables, document) } : {}) },
      objects: objects.map((object) => hide(maskSecretContent(object)) as KubernetesObject), // as: texts in it differ, its shape does not
    })),
  };
}

function maskVariables(
  variables: Readonly<Record<string, string>>,
  document: Pick<ProfileDocument, 'variables'>,
): Record<string, string> {
  const sensitive = new Set(document.variables.filter(({ isSensitive }) => isSensitive).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, sensitive.has(name) ? MASKED : value]),
  );
}
