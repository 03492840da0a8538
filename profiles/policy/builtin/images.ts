/** Where images come from and how they are named. */
import { z } from 'zod';

import { parseImage, type ImageName } from '../image-name.ts';
import { containersOf, textOf, type Container } from '../pod-spec.ts';
import type { Violation } from '../policy.ts';
import { builtin, NoParams, type Look } from './builtin.ts';

function images(judge: (image: ImageName, written: string, container: Container) => string | undefined): Look {
  return (object) =>
    containersOf(object).flatMap((one): Violation[] => {
      const written = textOf(one.container['image']);
      if (written === '') return [];
      const message = judge(parseImage(written), written, one);
      return message === undefined ? [] : [{ field: `${one.path}.image`, message }];
    });
}

export const allowedRegistries = builtin({
  name: 'allowed-registries',
  description: 'Images come from the registries listed, such as `registry.example.com` or `docker.io/library`.',
  params: z.strictObject({ registries: z.array(z.string().min(1)).min(1) }),
  look: ({ registries }) => {
    const allowed = registries.map((one) => one.replace(/\/+$/, ''));
    return images(({ registry, repository }, written, { name }) => {
      const full = `${registry}/${repository}`;
      if (allowed.some((one) => full === one || full.startsWith(`${one}/`))) return undefined;
      return `container ${name}: image ${written} comes from ${registry}; allowed: ${registries.join(', ')}`;
    });
  },
});

export const noLatestTag = builtin({
  name: 'no-latest-tag',
  description: 'Every image has a tag or a digest, and the tag is not `latest`.',
  params: NoParams,
  look: () =>
    images(({ tag, digest }, written, { name }) => {
      if (digest !== undefined || (tag !== undefined && tag !== 'latest' && tag !== '')) return undefined;
      return `container ${name}: image ${written} ${tag === 'latest' ? 'has the tag latest' : 'has no tag, which means latest'}; expected a version or a digest`;
    }),
});

export const requireImageDigest = builtin({
  name: 'require-image-digest',
  description: 'Every image is named by its digest.',
  params: NoParams,
  look: () =>
    images(({ digest }, written, { name }) =>
      digest === undefined ? `container ${name}: image ${written} has no digest; expected …@sha256:…` : undefined,
    ),
});
