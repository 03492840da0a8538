import { describe, expect, it } from '@jest/globals';

import { ActionImages, imageOf, type ImageName } from './images.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('imageOf', () => {
  it.each<{ name: ImageName; given?: string; version?: string; is: string; why: string }>([
    { name: 'host', is: 'docker.io/library/busybox:1.37.0', why: 'as its maker publishes it' },
    {
      name: 'k3sUpgrade',
      version: 'v1.34.2+k3s1',
      is: 'docker.io/rancher/k3s-upgrade:v1.34.2-k3s1',
      why: 'with version',
    },
    {
      name: 'conformance',
      given: 'mirror:5000/conformance',
      version: 'v1.34.2',
      is: 'mirror:5000/conformance:v1.34.2',
      why: 'a port is no tag',
    },
    {
      name: 'conformance',
      given: `mirror:5000/conformance@${digest}`,
      version: 'v1.34.2',
      is: `mirror:5000/conformance@${digest}`,
      why: 'a digest says the version',
    },
    {
      name: 'conformance',
      given: 'mirror/conformance:mine',
      version: 'v1.34.2',
      is: 'mirror/conformance:mine',
      why: 'so does a tag',
    },
  ])('$name is $is: $why', ({ name, given, version, is }) => {
    const images = ActionImages.parse(given === undefined ? {} : { [name]: given });
    expect(imageOf(images, name, version)).toBe(is);
  });

  it('refuses what could become another image where only pinned ones may run', () => {
    const pinnedOnly = true;
    expect(() => imageOf(ActionImages.parse({ pinnedOnly }), 'syft')).toThrow(
      'the agent runs only images that are pinned by digest, and docker.io/anchore/syft:v1.18.1 is not: name another for it, as syft=docker.io/anchore/syft@sha256:...',
    );
    const pinned = `mirror:5000/syft:v1@${digest}`;
    expect(imageOf(ActionImages.parse({ pinnedOnly, syft: pinned }), 'syft')).toBe(pinned);
  });
});
