/** Which certificates are trusted: the system's own, and those that were given besides. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** Trust that may change while connections are made. */
export interface Trust {
  /** Made once for each set of certificates: reading them all takes some milliseconds. */
  context(): SecureContext;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Trust in the public authorities and in the PEM bundles that `bundles` gives now.
 *
 * @throws Error when a bundle holds no certificate, or one that cannot be read.
 */
export function createTrust(bundles: () => readonly string[]): Trust {
  let made: { readonly of: string; readonly context: SecureContext } | undefined;
  return {
    context: () => {
      const given = bundles();
      const of = given.join('\n');
      if (made?.of !== of) {
        const ca = [...rootCertificates, ...given.flatMap(certificatesOf)];
        made = { of, context: createSecureContext({ ca, minVersion: 'TLSv1.2' }) };
      }
      return made.context;
    },
  };
}

/** The certificates of a PEM bundle. @throws Error that says which one cannot be read */
export function certificatesOf(bundle: string): string[] {
  const blocks = bundle.match(BLOCK) ?? [];
  if (blocks.length === 0) throw new Error('a CA bundle must hold certificates in PEM form; this one holds none');
  blocks.forEach((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw new Error(`certificate ${index + 1} of ${blocks.length} in a CA bundle cannot be read`, { cause: error });
    }
  });
  return blocks;
}
