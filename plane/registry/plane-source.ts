/** The pack registry of another plane. */
import { z } from 'zod';

import { sha256 } from '#core/digest';

import { statusError } from './helm-source.ts';
import { askBytes, type RegistryHttp } from './http.ts';
import { RegistryError, shownUrl } from './registry-error.ts';
import type { RegistryCredentials } from './registry-spec.ts';
import { ARCHIVE_TIMEOUT_MS, MAX_ARCHIVE_BYTES, NAME, VERSION, type FoundVersion, type Source } from './source.ts';

const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const PAGE = 50;

const Page = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ uid: z.string(), name: z.string() }),
      spec: z.object({
        name: z.string(),
        version: z.string(),
        displayName: z.string().default(''),
        digest: z.string().default(''),
        type: z.string().default('spectro'),
      }),
    }),
  ),
  listmeta: z.object({ continue: z.string().default('') }).default({ continue: '' }),
});
type Item = z.infer<typeof Page>['items'][number];

const ENDPOINT = /^(.*)\/v1\/registries\/pack\/([0-9a-f]{24})\/?$/;

/** Whether an endpoint is that of a registry of a plane: `https://plane/v1/registries/pack/<uid>`. */
export function isPlaneEndpoint(endpoint: string): boolean {
  return ENDPOINT.test(endpoint);
}

export function createPlaneSource({
  endpoint,
  credentials,
  http,
}: {
  readonly endpoint: string;
  /** The token is an API key of that plane. */
  readonly credentials: RegistryCredentials;
  readonly http: RegistryHttp;
}): Source {
  const [, origin = '', registryUid = ''] = ENDPOINT.exec(endpoint) ?? [];
  const headers = credentials.kind === 'token' ? { apikey: credentials.token } : {};

  const ask = async (path: string, maxBytes: number, timeoutMs: number, signal: AbortSignal) => {
    const url = new URL(`${origin}${path}`);
    const answer = await askBytes(http, { url, headers, maxBytes, timeoutMs, signal });
    if (answer.status !== 200) throw statusError(answer.status, url);
    return answer;
  };

  const pages = async function* (filter: string, signal: AbortSignal): AsyncGenerator<Item[]> {
    for (let after = ''; ;) {
      const filters = encodeURIComponent(`spec.registryUid=${registryUid}${filter}`);
      const { bytes, url } = await ask(
        `/v1/packs?filters=${filters}&limit=${PAGE}&continue=${encodeURIComponent(after)}`,
        MAX_PAGE_BYTES,
        TIMEOUT_MS,
        signal,
      );
      const page = Page.safeParse(parseJson(bytes));
      if (!page.success)
        throw new RegistryError('RegistryBadAnswer', `${shownUrl(url)} does not answer as a plane does`);
      yield page.data.items;
      const next = page.data.listmeta.continue;
      if (next === '' || next === after) return;
      after = next;
    }
  };

  return {
    list: async function* ({ signal }) {
      for await (const items of pages('', signal)) {
        for (const item of items) {
          const found = toFound(item);
          yield found === undefined
            ? {
                kind: 'skipped',
                what: `${item.spec.name} ${item.spec.version}`,
                reason: 'it is no pack of that plane itself',
              }
            : { kind: 'found', version: found };
        }
      }
    },

    find: async (name, version, { signal }) => {
      for await (const items of pages(` AND spec.name=${name}`, signal)) {
        const item = items.find(({ spec }) => spec.version === version);
        if (item !== undefined) return toFound(item);
      }
      return undefined;
    },

    fetch: async (source, { signal }) => {
      if (source.kind !== 'plane')
        throw new RegistryError('RegistryNotFound', 'the pack is of another kind of registry');
      const path = `/v1/packs/${encodeURIComponent(source.uid)}/content`;
      const { bytes, headers, url } = await ask(path, MAX_ARCHIVE_BYTES, ARCHIVE_TIMEOUT_MS, signal);
      const digest = sha256(bytes);
      if (digest !== source.digest)
        throw new RegistryError(
          'DigestMismatch',
          `${shownUrl(url)} has the digest ${digest}; the plane said ${source.digest}`,
        );
      return { bytes, signature: headers['palette-signature'], verified: false };
    },

    probe: async ({ signal }) => {
      const first = pages('', signal);
      await first.next();
      await first.return(undefined);
    },

    close: () => http.close(),
  };
}

function toFound({ metadata, spec }: Item): FoundVersion | undefined {
  const { name, version, displayName, digest, type } = spec;
  if (type !== 'spectro' || !NAME.test(name) || !VERSION.test(version) || !/^sha256:[0-9a-f]{64}$/.test(digest))
    return undefined;
  return {
    name,
    version,
    source: { kind: 'plane', uid: metadata.uid, digest },
    displayName,
    description: '',
    appVersion: '',
    icon: '',
    deprecated: false,
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
