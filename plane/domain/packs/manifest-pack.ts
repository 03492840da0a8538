/** A pack that is manifests alone has no archive; official clients give it this identifier. */
export const MANIFEST_PACK = 'spectro-manifest-pack';
