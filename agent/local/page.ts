/** The page: one file that asks for nothing from elsewhere, and the policy that holds it to that. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export interface Page {
  readonly html: Buffer;
  /** Content-Security-Policy: this very script, these very styles, this very server. */
  readonly policy: string;
  readonly etag: string;
}

/** Made by the build beside this file. */
const BUILT = new URL('./ui/index.html', import.meta.url);

/** The page as it was built. @throws Error when it was not */
export async function builtPage(): Promise<Page> {
  return asPage(await readFile(BUILT));
}

export function asPage(html: Buffer): Page {
  const text = html.toString('utf8');
  const sources = (tag: 'script' | 'style'): string =>
    [...text.matchAll(tag === 'script' ? /<script[^>]*>([\s\S]*?)<\/script>/g : /<style[^>]*>([\s\S]*?)<\/style>/g)]
      .map(([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`)
      .join(' ');
  const policy = [
    "default-src 'none'",
    `script-src ${sources('script') || "'none'"}`,
    `style-src ${sources('style') || "'none'"}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return { html, policy, etag: `"${createHash('sha256').update(html).digest('base64url')}"` };
}
