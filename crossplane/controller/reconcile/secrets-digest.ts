/** Tells whether secrets are the ones that the API got last, without keeping them. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { valueAt, type KubeObject } from '#kubernetes/object';

import type { ResolvedSecret } from './desired.ts';

/** Cheap enough for every look, dear enough against guessing: some 10 ms. */
const COST = { N: 4096, r: 8, p: 1 };
const LENGTH = 24;

/** A salted digest of values, `scrypt:<salt>:<digest>`; null when there are none. */
export async function digestOf(resolved: readonly ResolvedSecret[]): Promise<string | null> {
  const secrets = lasting(resolved);
  if (secrets.length === 0) return null;
  const salt = randomBytes(12).toString('base64url');
  return `scrypt:${salt}:${(await derive(secrets, salt)).toString('base64url')}`;
}

/** Whether the API has these secrets: the status says so. */
export async function areKnown(object: KubeObject, resolved: readonly ResolvedSecret[]): Promise<boolean> {
  const secrets = lasting(resolved);
  const digest = valueAt(object, 'status', 'secretsDigest');
  if (typeof digest !== 'string') return secrets.length === 0;
  const [scheme, salt, stored] = digest.split(':');
  if (secrets.length === 0 || scheme !== 'scrypt' || salt === undefined || stored === undefined) return false;
  const expected = Buffer.from(stored, 'base64url');
  const actual = await derive(secrets, salt);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function lasting(secrets: readonly ResolvedSecret[]): readonly ResolvedSecret[] {
  return secrets.filter(({ initialOnly }) => !initialOnly);
}

async function derive(secrets: readonly ResolvedSecret[], salt: string): Promise<Buffer> {
  const pairs = secrets.map(({ path, value }) => [path.join('.'), value] as const);
  const sorted = [...pairs].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Promise((resolve, reject) => {
    scrypt(JSON.stringify(sorted), salt, LENGTH, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
