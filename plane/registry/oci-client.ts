/** The OCI distribution protocol, as far as reading needs it. */
import { z } from 'zod';

import { sha256 } from '#core/digest';

import { statusError } from './helm-source.ts';
import { askBytes, type RegistryHttp } from './http.ts';
import { createOciAuthorizer, type OciLogin } from './oci-auth.ts';
import { RegistryError, shownUrl } from './registry-error.ts';

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_LIST_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** Pages of a list; with 1000 names each. */
const MAX_PAGES = 200;
/** Of one repository. */
const MAX_TAGS = 100_000;

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

const Descriptor = z.object({
  mediaType: z.string().default(''),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.int().min(0),
  annotations: z.record(z.string(), z.string()).nullish(),
});
export const OciManifest = z.object({
  schemaVersion: z.literal(2),
  config: Descriptor,
  layers: z.array(Descriptor).max(1000),
  annotations: z.record(z.string(), z.string()).nullish(),
});
export type OciManifest = z.infer<typeof OciManifest>;
export type OciDescriptor = z.infer<typeof Descriptor>;

export interface OciClient {
  /** Whether the registry is there and knows the caller. */
  ping(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Names of repositories in pages; nothing where the registry has no catalog, or not for this caller. */
  repositories(options: { readonly signal: AbortSignal }): AsyncGenerator<string[], void>;
  /** Undefined when there is no such repository. */
  tags(repository: string, options: { readonly signal: AbortSignal }): Promise<string[] | undefined>;
  /** Undefined when there is no such tag or digest. */
  manifest(
    repository: string,
    reference: string,
    options: { readonly signal: AbortSignal },
  ): Promise<{ readonly manifest: OciManifest; readonly digest: `sha256:${string}` } | undefined>;
  blob(
    repository: string,
    descriptor: OciDescriptor,
    options: { readonly maxBytes: number; readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Buffer>;
  close(): void;
}

/** @param base where `/v2/` stands, with a slash at the end. */
export function createOciClient({
  base,
  login,
  http,
}: {
  readonly base: URL;
  readonly login: OciLogin;
  readonly http: RegistryHttp;
}): OciClient {
  const authorizer = createOciAuthorizer({ login, http });

  /** Asks with what the registry wanted to see last time, and once more with what it wants now. */
  const ask = async (
    url: URL,
    scope: string,
    options: {
      readonly accept?: string;
      readonly maxBytes: number;
      readonly timeoutMs?: number;
      readonly signal: AbortSignal;
    },
  ): ReturnType<typeof askBytes> => {
    const send = async (authorization: string | undefined): ReturnType<typeof askBytes> =>
      askBytes(http, {
        url,
        headers: {
          ...(options.accept === undefined ? {} : { accept: options.accept }),
          ...(authorization === undefined ? {} : { authorization }),
        },
        maxBytes: options.maxBytes,
        timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        signal: options.signal,
      });
    const answer = await send(authorizer.known(scope));
    // Where a redirect led to is not the registry: nobody logs in to what it names.
    if (answer.status !== 401 || answer.url.host !== url.host) return answer;
    return send(await authorizer.authorize(answer.headers['www-authenticate'], scope, url, options.signal));
  };

  const json = async <T>(url: URL, bytes: Buffer, schema: z.ZodType<T>): Promise<T> => {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw new RegistryError('RegistryBadAnswer', `${shownUrl(url)} is not JSON; is this an OCI registry?`, {
        cause: error,
      });
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new RegistryError(
      'RegistryBadAnswer',
      `${shownUrl(url)} is not as the OCI distribution specification says: ${z.prettifyError(parsed.error)}`,
    );
  };

  const pages = async function* <T>(
    first: URL,
    scope: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): AsyncGenerator<T | number> {
    let url: URL | undefined = first;
    for (let count = 0; url !== undefined; count++) {
      if (count === MAX_PAGES)
        throw new RegistryError('RegistryLimit', `${shownUrl(first)} has more than ${MAX_PAGES} pages`);
      const { status, bytes, headers } = await ask(url, scope, { maxBytes: MAX_LIST_BYTES, signal });
      if (status !== 200) {
        yield status;
        return;
      }
      yield await json(url, bytes, schema);
      url = nextPage(headers['link'], url);
    }
  };

  return {
    ping: async ({ signal }) => {
      const url = new URL('v2/', base);
      const { status } = await ask(url, '', { maxBytes: MAX_LIST_BYTES, signal });
      if (status !== 200) throw statusError(status, url);
    },

    repositories: async function* ({ signal }) {
      const Catalog = z.object({ repositories: z.array(z.string()).nullable() });
      for await (const page of pages(new URL('v2/_catalog?n=1000', base), 'registry:catalog:*', Catalog, signal)) {
        // Many registries have no catalog, or keep it for their administrators.
        if (typeof page === 'number') return;
        yield page.repositories ?? [];
      }
    },

    tags: async (repository, { signal }) => {
      const Tags = z.object({ tags: z.array(z.string()).nullish() });
      const url = new URL(`v2/${repository}/tags/list?n=1000`, base);
      const tags: string[] = [];
      for await (const page of pages(url, pull(repository), Tags, signal)) {
        if (page === 404) return undefined;
        if (typeof page === 'number') throw statusError(page, url);
        for (const tag of page.tags ?? []) tags.push(tag);
        if (tags.length > MAX_TAGS)
          throw new RegistryError('RegistryLimit', `${shownUrl(url)} has more than ${MAX_TAGS} tags`);
      }
      return tags;
    },

    manifest: async (repository, reference, { signal }) => {
      const url = new URL(`v2/${repository}/manifests/${reference}`, base);
      const { status, bytes } = await ask(url, pull(repository), {
        accept: MANIFEST_TYPES.join(', '),
        maxBytes: MAX_MANIFEST_BYTES,
        signal,
      });
      if (status === 404) return undefined;
      if (status !== 200) throw statusError(status, url);
      const digest = sha256(bytes);
      if (reference.startsWith('sha256:') && reference !== digest)
        throw new RegistryError('DigestMismatch', `${shownUrl(url)} has the digest ${digest}`);
      return { manifest: await json(url, bytes, OciManifest), digest };
    },

    blob: async (repository, { digest, size }, { maxBytes, timeoutMs, signal }) => {
      const url = new URL(`v2/${repository}/blobs/${digest}`, base);
      if (size > maxBytes)
        throw new RegistryError('RegistryLimit', `${shownUrl(url)} has ${size} bytes; at most ${maxBytes} are taken`);
      const { status, bytes } = await ask(url, pull(repository), { maxBytes, timeoutMs, signal });
      if (status !== 200) throw statusError(status, url);
      if (sha256(bytes) !== digest)
        throw new RegistryError('DigestMismatch', `${shownUrl(url)} holds other bytes than its name says`);
      return bytes;
    },

    close: () => http.close(),
  };
}

function pull(repository: string): string {
  return `repository:${repository}:pull`;
}

/** The address in `Link: <…>; rel="next"`, which must stay with the registry. */
function nextPage(link: string | undefined, from: URL): URL | undefined {
  const [, target] = /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(link ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, from.href)) return undefined;
  const next = new URL(target, from);
  return next.host === from.host && next.protocol === from.protocol ? next : undefined;
}
