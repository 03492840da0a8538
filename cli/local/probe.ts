/** Asking a server whether it is ready. */
import { readFile } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';

export interface ProbeTarget {
  readonly url: string;
  /** PEM file of the authority that the server's certificate comes from. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** Tells whether the server works; never throws. */
export type Probe = (options: { readonly signal: AbortSignal }) => Promise<boolean>;

/** Milliseconds one question may take. */
const TIMEOUT_MS = 2_000;

/** Ready when the address answers 2xx. */
export function httpProbe(target: ProbeTarget): Probe {
  return async ({ signal }) => {
    try {
      const status = await statusOf(target, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
      return status >= 200 && status < 300;
    } catch {
      return false;
    }
  };
}

async function statusOf({ url, caFile, certFile, keyFile }: ProbeTarget, signal: AbortSignal): Promise<number> {
  const [ca, cert, key] = await Promise.all(
    [caFile, certFile, keyFile].map(async (file) => (file === undefined ? undefined : readFile(file))),
  );
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    get(url, { ca, cert, key, signal, agent: false }, (response) => {
      response.resume();
      response.once('error', reject);
      resolve(response.statusCode ?? 0);
    }).once('error', reject);
  });
}
