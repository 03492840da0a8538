/** Bundles that are brought by hand. */
import { bundleDigest, type BundleManifest } from '#packs/bundle/index';

import type { Schemas } from '../contract.ts';
import { LocalError } from '../local-error.ts';
import { boundaryOf, formParts } from '../multipart.ts';
import { callerOf, memberOf, type LocalHandlers, type LocalRequest } from '../request.ts';
import type { LocalServices } from '../services.ts';
import { BundleRefused, takeBundle } from '../upload.ts';

const MAX_REMEMBERED = 50;
const UPLOAD_MS = 60 * 60_000;
const BUNDLE_TYPES = ['application/octet-stream', 'application/gzip'];
const FILE_FIELD = 'uploadFile';
const SIGNATURE_FIELD = 'signature';
const MAX_SIGNATURE = 8 * 1024;
/** What a form is longer than the bundle in it, at most. */
const FORM_BYTES = 64 * 1024;

export function contentHandlers(
  services: LocalServices,
): Pick<LocalHandlers, 'uploadContent' | 'listSigningKeys' | 'listUploadedContent'> {
  const { view, config } = services;
  let uploading = false;
  let uploads: readonly Schemas['UploadedContent'][] = [];

  const remember = (entry: Schemas['UploadedContent']): void => {
    const { state, name, digest, message, by } = entry;
    uploads = [entry, ...uploads].slice(0, MAX_REMEMBERED);
    services.note(by, {
      action: `bundle ${state}`,
      actionType: 'action',
      resourceKind: 'content',
      resourceId: digest,
      resourceName: name,
      contentMsg: message,
    });
    view.tell({
      severity: state === 'refused' ? 'warning' : 'info',
      reason: REASONS[state],
      message: `${name === '' ? 'a bundle' : name}: ${message}`,
    });
  };

  return {
    uploadContent: async (request) => {
      const { user } = callerOf(request);
      const membership = memberOf(view);
      const boundary = typeOf(request);
      const length = Number(request.raw.headers['content-length'] ?? 0);
      if (length > config.maxUploadBytes + (boundary === undefined ? 0 : FORM_BYTES))
        throw new LocalError(413, 'TooLarge', `the bundle is larger than ${config.maxUploadBytes} bytes`);
      if (uploading) throw new LocalError(409, 'Conflict', 'another bundle is being taken; one at a time');
      uploading = true;
      const signal = AbortSignal.any([request.signal, services.signal, AbortSignal.timeout(UPLOAD_MS)]);
      const at = services.now().toISOString();
      const about = { id: `${at}-${uploads.length}`, at, by: user.name };
      let manifest: BundleManifest | undefined;
      let signature = '';
      const named = (): Pick<Schemas['UploadedContent'], 'name' | 'digest'> => ({
        name: manifest?.name ?? '',
        digest: manifest ? bundleDigest(manifest) : '',
      });
      // Without an encoding it yields buffers only.
      const body: AsyncIterable<Buffer> = request.raw;
      try {
        const { trust } = await services.bundleTrust();
        const taken = await takeBundle(
          boundary === undefined ? body : bundleInForm(body, boundary, () => signature),
          {
            client: services.client,
            namespace: services.namespace,
            clusterUid: membership.clusterUid,
            trustedKeys: membership.trustedKeys(),
            revision: membership.document()?.document.revision ?? 0,
            trust: (bytes, given) => {
              trust(bytes, given);
              signature = given;
            },
            maxBytes: config.maxUploadBytes,
            onManifest: (found) => {
              manifest = found;
            },
          },
          { signal },
        );
        const entry = { ...about, ...named(), ...taken, message: MESSAGES[taken.state](taken.revision) };
        remember(entry);
        return { status: 200, body: entry };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        remember({ ...about, ...named(), state: 'refused', packs: 0, message });
        if (error instanceof BundleRefused) throw new LocalError(422, 'Refused', message, { cause: error });
        throw error;
      } finally {
        uploading = false;
      }
    },
    listSigningKeys: async () => ({
      status: 200,
      body: {
        desiredState: (view.membership()?.trustedKeys() ?? []).map(({ kid, kty, crv, x }) => ({ kid, kty, crv, x })),
        bundle: [...(await services.bundleTrust()).keyIds],
      },
    }),
    listUploadedContent: async () => ({ status: 200, body: { items: [...uploads] } }),
  };
}

const REASONS = { taken: 'BundleTaken', waiting: 'BundleWaits', refused: 'BundleRefused' } as const;
const MESSAGES = {
  taken: (revision: number) => `revision ${revision} is in force`,
  waiting: (revision: number) => `it is whole; the agent takes revision ${revision} when it can`,
} as const;

/** Of a form its boundary, undefined where the body is the bundle. @throws LocalError for other types */
function typeOf({ raw }: LocalRequest): string | undefined {
  const type = raw.headers['content-type'] ?? '';
  const boundary = boundaryOf(type);
  const [plain = ''] = type.split(';', 1);
  if (boundary === undefined && !BUNDLE_TYPES.includes(plain.trim().toLowerCase()))
    throw new LocalError(
      415,
      'UnsupportedMediaType',
      `expected the bundle itself, of type ${BUNDLE_TYPES[0]}, or a form with it as ${FILE_FIELD}`,
    );
  return boundary;
}

/**
 * The bundle in a form. It ends when the form does, so nothing is taken before all of the form is right. `carried` gives
 * the signature in the bundle, once that was read.
 */
async function* bundleInForm(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  carried: () => string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const fields = new Set<string>();
  let signature: string | undefined;
  for await (const { name, content } of formParts(body, boundary)) {
    if (fields.has(name)) throw new BundleRefused(`the form has ${name} twice`);
    fields.add(name);
    if (name === FILE_FIELD) yield* content;
    else if (name === SIGNATURE_FIELD) signature = await shortText(content);
    else
      throw new BundleRefused(
        `the form has a field that is not known; expected ${FILE_FIELD}, and ${SIGNATURE_FIELD} where there is one`,
      );
  }
  if (!fields.has(FILE_FIELD)) throw new BundleRefused(`the form has no ${FILE_FIELD}`);
  if (signature !== undefined && signature !== carried())
    throw new BundleRefused('the signature in the form is not the one that the bundle carries');
}

async function shortText(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MAX_SIGNATURE) throw new BundleRefused(`the signature is longer than ${MAX_SIGNATURE} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}
