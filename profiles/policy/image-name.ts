/** Names of container images. */
export interface ImageName {
  /** As the container runtime reads it: `docker.io` where none is written. */
  readonly registry: string;
  /** Path in the registry, `library/` put before bare names of Docker Hub. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Reads an image name as container runtimes do. */
export function parseImage(image: string): ImageName {
  const [named = '', digest] = image.split('@', 2);
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const hasHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasHost ? first : 'docker.io';
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const tagged = colon > rest.lastIndexOf('/');
  const path = tagged ? rest.slice(0, colon) : rest;
  return {
    registry: registry === 'index.docker.io' ? 'docker.io' : registry,
    repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
    ...(tagged ? { tag: rest.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}
