/** Bills of materials as syft writes them, in any of its formats. */
import { mapAt, valueAt } from '#kubernetes/object';
import type { SyftImage } from '#protocol/scan-report';

type Dependency = SyftImage['dependencies'][number];

/** Components in CycloneDX that are none of what the image is made of. */
const NO_PACKAGES = new Set(['file', 'operating-system']);

/** What the formats agree on: name, kind and version of each package. */
export function dependenciesOf(document: Readonly<Record<string, unknown>>): Dependency[] {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const github = Object.values(mapAt(document, 'manifests')).flatMap((manifest) =>
    Object.values(mapAt(manifest, 'resolved')).map((one) => packageOf(text(valueAt(one, 'package_url')))),
  );
  return [
    // CycloneDX
    ...list(document['components'])
      .filter((one) => !NO_PACKAGES.has(text(valueAt(one, 'type'))))
      .map((one) => ({
        name: text(valueAt(one, 'name')),
        type: packageOf(text(valueAt(one, 'purl'))).type || text(valueAt(one, 'type')),
        version: text(valueAt(one, 'version')),
      })),
    // SPDX, which has the image itself as a package, too
    ...list(document['packages'])
      .filter((one) => !text(valueAt(one, 'SPDXID')).startsWith('SPDXRef-DocumentRoot'))
      .map((one) => {
        const purl = list(valueAt(one, 'externalRefs')).find((ref) => valueAt(ref, 'referenceType') === 'purl');
        return {
          name: text(valueAt(one, 'name')),
          type: packageOf(text(valueAt(purl, 'referenceLocator'))).type,
          version: text(valueAt(one, 'versionInfo')),
        };
      }),
    // syft's own
    ...list(document['artifacts']).map((one) => ({
      name: text(valueAt(one, 'name')),
      type: text(valueAt(one, 'type')),
      version: text(valueAt(one, 'version')),
    })),
    ...github,
  ].filter(({ name }) => name !== '');
}

/** `pkg:type/namespace/name@version?qualifiers` */
function packageOf(purl: string): Dependency {
  const [, type = '', path = '', version = ''] = /^pkg:([^/]+)\/([^@?#]+)(?:@([^?#]+))?/.exec(purl) ?? [];
  return { name: decoded(path), type, version: decoded(version) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
