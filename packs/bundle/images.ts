/** Which container images a stack needs: what must be mirrored before it runs where no registry is in reach. */
import type { Pack } from '../pack.ts';
import { parseValues, section } from '../values.ts';
import { isJsonObject } from '../yaml.ts';

/** Longer is no image's name (the reference grammar of container registries allows 255, and 128 for a tag). */
const MAX_LENGTH = 512;
const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]{1,5})?';
const TAIL = '(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?';
const WITH_HOST = new RegExp(`^(?<host>${HOST})/(?<path>${PART}(?:/${PART})*)${TAIL}$`);
const WITHOUT_HOST = new RegExp(`^(?<path>${PART}(?:/${PART})*)${TAIL}$`);
const DEFAULT_HOST = 'docker.io';

/**
 * A reference in full, as tools that copy images take it: `nginx` is `docker.io/library/nginx:latest`. Undefined for
 * what names no image, for example a macro that is not resolved.
 */
export function imageReference(text: string): string | undefined {
  const given = text.trim().replace(/^docker:\/\//, '');
  if (given.length > MAX_LENGTH) return undefined;
  const hosted = WITH_HOST.exec(given)?.groups;
  const first = hosted?.['host'] ?? '';
  // The first part is a host when it cannot be anything else; otherwise it belongs to the path.
  if (hosted && (first.includes('.') || first.includes(':') || first === 'localhost')) {
    const host = first === 'index.docker.io' ? DEFAULT_HOST : first;
    return inFull(host, hosted['path'] ?? '', hosted['tag'], hosted['digest']);
  }
  const plain = WITHOUT_HOST.exec(given)?.groups;
  return plain && inFull(DEFAULT_HOST, plain['path'] ?? '', plain['tag'], plain['digest']);
}

function inFull(host: string, path: string, tag: string | undefined, digest: string | undefined): string {
  const repository = host === DEFAULT_HOST && !path.includes('/') ? `library/${path}` : path;
  if (digest !== undefined) return `${host}/${repository}${tag === undefined ? '' : `:${tag}`}@${digest}`;
  return `${host}/${repository}:${tag ?? 'latest'}`;
}

/** Images that a pack says it needs: `pack.content.images` of its values, as written there. */
export function imagesOfValues(values: string): readonly string[] {
  const { value } = parseValues(values);
  const content = isJsonObject(value) ? section(section(value, 'pack'), 'content') : {};
  const listed = content['images'];
  return (Array.isArray(listed) ? listed : []).flatMap((entry: unknown) => {
    const image = isJsonObject(entry) ? entry['image'] : entry;
    return typeof image === 'string' ? [image] : [];
  });
}

/** The same of a pack's own values, in full. */
export function imagesOfPack(pack: Pick<Pack, 'values'>): readonly string[] {
  return fullReferences(imagesOfValues(pack.values));
}

/** Kinds whose content is text of others, or a schema. */
const NOT_WALKED: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'CustomResourceDefinition']);
/** Deeper than any object of Kubernetes nests. */
const MAX_DEPTH = 100;

/**
 * Images in rendered objects: of containers, wherever a kind has them, of custom resources (`image` as text or as
 * repository and tag, `package` of Crossplane's packages), of the flags and variables that operators are told theirs by.
 */
export function imagesOfObjects(objects: readonly object[]): readonly string[] {
  const found: string[] = [];
  for (const object of objects) {
    if ('kind' in object && typeof object.kind === 'string' && NOT_WALKED.has(object.kind)) continue;
    if ('apiVersion' in object && String(object.apiVersion).startsWith('pkg.crossplane.io/')) {
      const spec: unknown = 'spec' in object ? object.spec : undefined;
      if (isJsonObject(spec) && typeof spec['package'] === 'string') found.push(spec['package']);
    }
    walk(object, found, 0);
  }
  return fullReferences(found);
}

function fullReferences(images: readonly string[]): readonly string[] {
  return [...new Set(images.flatMap((image) => imageReference(image) ?? []))].sort();
}

function walk(value: unknown, found: string[], depth: number): void {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, found, depth + 1);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'image') found.push(...imageOf(item));
    else if ((key === 'args' || key === 'command') && Array.isArray(item)) found.push(...imagesOfFlags(item));
    else if (key === 'env' && Array.isArray(item)) found.push(...imagesOfVariables(item));
    if (key !== 'metadata') walk(item, found, depth + 1);
  }
}

function imageOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isJsonObject(value)) return [];
  const { registry, repository, tag, digest } = value;
  if (typeof repository !== 'string' || (typeof tag !== 'string' && typeof digest !== 'string')) return [];
  const path = typeof registry === 'string' && registry !== '' ? `${registry}/${repository}` : repository;
  const named = typeof tag === 'string' && tag !== '' ? `${path}:${tag}` : path;
  return [typeof digest === 'string' && digest !== '' ? `${named}@${digest}` : named];
}

/** A host, a path and a tag or digest: nothing else that stands in a flag looks like that. */
const UNMISTAKABLE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/[a-z0-9._/-]+(?::[\w.-]+|@sha256:[0-9a-f]{64})/;

function imagesOfFlags(flags: readonly unknown[]): string[] {
  return flags.flatMap((flag) => {
    const given = typeof flag === 'string' ? flag.slice(flag.indexOf('=') + 1) : '';
    return UNMISTAKABLE.test(given) ? [given] : [];
  });
}

function imagesOfVariables(variables: readonly unknown[]): string[] {
  return variables.flatMap((variable) => {
    if (!isJsonObject(variable)) return [];
    const { name, value } = variable;
    if (typeof name !== 'string' || typeof value !== 'string') return [];
    return UNMISTAKABLE.test(value) || (name.startsWith('RELATED_IMAGE_') && value.includes(':')) ? [value] : [];
  });
}
