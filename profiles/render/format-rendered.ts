/** A rendered profile as text. Equal renderings give equal bytes. */
import { Document } from 'yaml';

import type { RenderedProfile } from '#profiles/rendered';

/** YAML documents in the order in which an agent applies them, each with the layer it comes from. */
export function renderedYaml({ layers }: RenderedProfile): string {
  return layers
    .flatMap(({ layer, objects }) =>
      objects.map((object) => {
        const source = layer.version === '' ? layer.name : `${layer.name} ${layer.version}`;
        // YAML 1.1 is what Kubernetes reads: texts such as "yes" need quotes.
        const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
        return `---\n# Layer: ${source}\n${document.toString({ lineWidth: 0 })}`;
      }),
    )
    .join('');
}
