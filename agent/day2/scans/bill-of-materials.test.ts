/** What syft 1.18.1 wrote of one folder with a lock file, in each of its formats; shortened to what is read. */
import { describe, expect, it } from '@jest/globals';

import { dependenciesOf } from './bill-of-materials.ts';

const BILLS = {
  CycloneDX: {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [
      {
        type: 'library',
        name: '@scope/pkg',
        version: '2.0.0',
        purl: 'pkg:npm/%40scope/pkg@2.0.0',
      },
      {
        type: 'library',
        name: 'left-pad',
        version: '1.3.0',
        purl: 'pkg:npm/left-pad@1.3.0',
      },
      {
        type: 'library',
        name: 'shop',
        version: '1.0.0',
        purl: 'pkg:npm/shop@1.0.0',
      },
      {
        type: 'operating-system',
        name: 'debian',
        version: '12',
      },
      {
        type: 'file',
        name: '/etc/os-release',
      },
    ],
  },
  SPDX: {
    spdxVersion: 'SPDX-2.3',
    packages: [
      {
        name: '@scope/pkg',
        SPDXID: 'SPDXRef-Package-npm--scope-pkg-6967df9fe1902aa9',
        versionInfo: '2.0.0',
        externalRefs: [
          {
            referenceCategory: 'SECURITY',
            referenceType: 'cpe23Type',
            referenceLocator: 'cpe:2.3:a:\\@scope\\/pkg:\\@scope\\/pkg:2.0.0:*:*:*:*:*:*:*',
          },
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: 'pkg:npm/%40scope/pkg@2.0.0',
          },
        ],
      },
      {
        name: 'left-pad',
        SPDXID: 'SPDXRef-Package-npm-left-pad-aaf649fa0287c79e',
        versionInfo: '1.3.0',
        externalRefs: [
          {
            referenceCategory: 'SECURITY',
            referenceType: 'cpe23Type',
            referenceLocator: 'cpe:2.3:a:left:left_pad:1.3.0:*:*:*:*:*:*:*',
          },
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: 'pkg:npm/left-pad@1.3.0',
          },
        ],
      },
      {
        name: 'shop',
        SPDXID: 'SPDXRef-Package-npm-shop-800cb1a39b74e90e',
        versionInfo: '1.0.0',
        externalRefs: [
          {
            referenceCategory: 'SECURITY',
            referenceType: 'cpe23Type',
            referenceLocator: 'cpe:2.3:a:shop:shop:1.0.0:*:*:*:*:*:*:*',
          },
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: 'pkg:npm/shop@1.0.0',
          },
        ],
      },
      {
        name: 'img',
        SPDXID: 'SPDXRef-DocumentRoot-Directory-img',
      },
    ],
  },
  syft: {
    artifacts: [
      {
        name: '@scope/pkg',
        version: '2.0.0',
        type: 'npm',
        purl: 'pkg:npm/%40scope/pkg@2.0.0',
      },
      {
        name: 'left-pad',
        version: '1.3.0',
        type: 'npm',
        purl: 'pkg:npm/left-pad@1.3.0',
      },
      {
        name: 'shop',
        version: '1.0.0',
        type: 'npm',
        purl: 'pkg:npm/shop@1.0.0',
      },
    ],
    descriptor: {
      name: 'syft',
      version: '1.18.1',
    },
  },
  GitHub: {
    version: 0,
    detector: {
      name: 'syft',
      url: 'https://github.com/anchore/syft',
      version: '1.18.1',
    },
    manifests: {
      'img/package-lock.json': {
        name: 'img/package-lock.json',
        file: {
          source_location: 'img/package-lock.json',
        },
        resolved: {
          'pkg:npm/%40scope/pkg@2.0.0': {
            package_url: 'pkg:npm/%40scope/pkg@2.0.0',
            relationship: 'direct',
            scope: 'runtime',
          },
          'pkg:npm/left-pad@1.3.0': {
            package_url: 'pkg:npm/left-pad@1.3.0',
            relationship: 'direct',
            scope: 'runtime',
          },
          'pkg:npm/shop@1.0.0': {
            package_url: 'pkg:npm/shop@1.0.0',
            relationship: 'direct',
            scope: 'runtime',
          },
        },
      },
    },
  },
};

describe('dependenciesOf', () => {
  it.each(Object.entries(BILLS))('reads the same packages from %s', (_, bill) => {
    const found = dependenciesOf(bill).toSorted((left, right) => left.name.localeCompare(right.name));
    expect(found).toEqual([
      { name: '@scope/pkg', type: 'npm', version: '2.0.0' },
      { name: 'left-pad', type: 'npm', version: '1.3.0' },
      { name: 'shop', type: 'npm', version: '1.0.0' },
    ]);
  });

  it('finds none in what is no bill of materials', () => {
    expect(dependenciesOf({ components: 'none', packages: [7, null], manifests: [] })).toEqual([]);
  });
});
