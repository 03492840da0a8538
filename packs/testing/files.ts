import type { Files } from '../files.ts';

/** Files from texts, for tests. */
export function textFiles(texts: Readonly<Record<string, string | Uint8Array>>): Files {
  return new Map(
    Object.entries(texts).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
}

/** A pack.json that is right, with what a test changes. */
export function packJson(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(
    {
      name: 'demo',
      displayName: 'Demo',
      version: '1.0.0',
      layer: 'addon',
      addonType: 'app services',
      cloudTypes: ['all'],
      ...changes,
    },
    null,
    2,
  );
}
