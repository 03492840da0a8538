/** Chart repositories: an index and archives over HTTP. */
import { sha256 } from '#core/digest';

import { askBytes, type RegistryHttp } from './http.ts';
import { readHelmIndex, type ChartEntry } from './helm-index.ts';
import { RegistryError, shownUrl } from './registry-error.ts';
import type { RegistryCredentials } from './registry-spec.ts';
import { ARCHIVE_TIMEOUT_MS, MAX_ARCHIVE_BYTES, NAME, VERSION, type FoundVersion, type Source } from './source.ts';
import { assertNever } from '#core/assert-never';

/** The largest public index had 40 MB. */
const MAX_INDEX_BYTES = 128 * 1024 * 1024;
const INDEX_TIMEOUT_MS = 300_000;
const MAX_SIGNATURE_BYTES = 16 * 1024;

export function createHelmSource({
  endpoint,
  credentials,
  http,
}: {
  readonly endpoint: string;
  readonly credentials: RegistryCredentials;
  readonly http: RegistryHttp;
}): Source {
  const base = new URL(endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
  const indexUrl = new URL('index.yaml', base);
  indexUrl.search = base.search;
  const authorization = authorizationOf(credentials);
  /** Credentials go to the repository's own host alone, and no less securely; archives often stand elsewhere. */
  const headersFor = (url: URL): Record<string, string> => {
    const isSecure = url.protocol === 'https:' || base.protocol === 'http:';
    return authorization !== undefined && url.host === base.host && isSecure ? { authorization } : {};
  };

  const askIndex = async (etag: string | undefined, signal: AbortSignal): ReturnType<RegistryHttp['ask']> => {
    const answer = await http.ask({
      url: indexUrl,
      headers: { ...headersFor(indexUrl), ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      maxBytes: MAX_INDEX_BYTES,
      timeoutMs: INDEX_TIMEOUT_MS,
      signal,
    });
    if (answer.status === 200 || answer.status === 304) return answer;
    answer.drop();
    throw statusError(answer.status, indexUrl);
  };

  const fetchSignature = async (url: URL, signal: AbortSignal): Promise<string | undefined> => {
    const signatureUrl = new URL(url);
    signatureUrl.pathname += '.sig';
    const { status, bytes } = await askBytes(http, {
      url: signatureUrl,
      headers: headersFor(signatureUrl),
      maxBytes: MAX_SIGNATURE_BYTES,
      timeoutMs: ARCHIVE_TIMEOUT_MS,
      signal,
    });
    return status === 200 ? bytes.toString('utf8').trim() : undefined;
  };

  return {
    list: async function* ({ etag, signal }) {
      const answer = await askIndex(etag, signal);
      if (answer.status === 304) {
        answer.drop();
        yield { kind: 'unchanged' };
        return;
      }
      const state = answer.headers['etag'];
      if (state !== undefined) yield { kind: 'state', etag: state };
      for await (const step of readHelmIndex(answer.body)) {
        if (step.kind === 'broken') {
          yield { kind: 'skipped', what: step.what, reason: step.reason };
          continue;
        }
        const found = toFound(step.entry, base);
        yield typeof found === 'string'
          ? { kind: 'skipped', what: `${step.entry.name} ${step.entry.version}`, reason: found }
          : { kind: 'found', version: found };
      }
    },

    find: async (name, version, { signal }) => {
      const answer = await askIndex(undefined, signal);
      for await (const step of readHelmIndex(answer.body)) {
        if (step.kind !== 'entry' || step.entry.name !== name || step.entry.version !== version) continue;
        const found = toFound(step.entry, base);
        if (typeof found !== 'string') return found;
      }
      return undefined;
    },

    fetch: async (source, { publicKeys, signal }) => {
      if (source.kind !== 'helm')
        throw new RegistryError('RegistryNotFound', 'the chart is of another kind of registry');
      const url = new URL(source.url);
      const answer = await askBytes(http, {
        url,
        headers: headersFor(url),
        maxBytes: MAX_ARCHIVE_BYTES,
        timeoutMs: ARCHIVE_TIMEOUT_MS,
        signal,
      });
      if (answer.status !== 200) throw statusError(answer.status, url);
      const digest = sha256(answer.bytes);
      if (source.digest !== undefined && source.digest !== digest)
        throw new RegistryError(
          'DigestMismatch',
          `${shownUrl(url)} has the digest ${digest}; the index says ${source.digest}`,
        );
      const signature = publicKeys.length === 0 ? undefined : await fetchSignature(url, signal);
      return { bytes: answer.bytes, signature, verified: false };
    },

    probe: async ({ signal }) => {
      const answer = await askIndex(undefined, signal);
      // The first entry, or the end, says that it is an index.
      const steps = readHelmIndex(answer.body);
      await steps.next();
      await steps.return(undefined);
    },

    close: () => http.close(),
  };
}

/** The version as the plane lists it, or why it cannot be used. */
function toFound(entry: ChartEntry, base: URL): FoundVersion | string {
  if (!NAME.test(entry.name)) return 'its name has characters that names of charts do not have';
  if (!VERSION.test(entry.version)) return 'its version has characters that versions do not have';
  const [first = ''] = entry.urls;
  if (!URL.canParse(first, base.href)) return 'its address cannot be read';
  const url = new URL(first, base);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `its address begins with ${url.protocol}; expected https:`;
  const digest =
    entry.digest === undefined || entry.digest === '' ? undefined : entry.digest.replace(/^(?!sha256:)/, 'sha256:');
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) return 'its digest is not one of SHA-256';
  return {
    name: entry.name,
    version: entry.version,
    source: { kind: 'helm', url: url.href, ...(digest === undefined ? {} : { digest }) },
    displayName: entry.name,
    description: (entry.description ?? '').slice(0, 1000),
    appVersion: entry.appVersion ?? '',
    icon: entry.icon !== undefined && /^https?:\/\/.{1,2000}$/.test(entry.icon) ? entry.icon : '',
    deprecated: entry.deprecated ?? false,
  };
}

function authorizationOf(credentials: RegistryCredentials): string | undefined {
  switch (credentials.kind) {
    case 'basic':
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
    case 'token':
      return `Bearer ${credentials.token}`;
    case 'noAuth':
    case 'secret':
    case 'sts':
      return undefined;
    default:
      return assertNever(credentials);
  }
}

/** A status below 500 that is not what was expected. */
export function statusError(status: number, url: URL): RegistryError {
  if (status === 401 || status === 403)
    return new RegistryError(
      'RegistryUnauthorized',
      `${shownUrl(url)} refuses these credentials (status ${status}); check user name, password or token`,
    );
  if (status === 404) return new RegistryError('RegistryNotFound', `${shownUrl(url)} does not exist (status 404)`);
  return new RegistryError('RegistryBadAnswer', `${shownUrl(url)} answered with status ${status}`);
}
