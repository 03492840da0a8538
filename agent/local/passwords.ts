/** Passwords as scrypt hashes. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { LocalError } from './local-error.ts';

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about a tenth of a second for each: one of the settings that OWASP recommends. */
const COST: Cost = { logN: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_MEMORY = 64 * 1024 * 1024;
/** The agent is small: what would have to wait behind so many others is turned away. */
const MAX_WAITING = 16;
const MIN_PASSWORD = 12;

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** One at a time, for the memory's sake. @throws LocalError when too many wait */
async function derive(password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  if (waiting >= MAX_WAITING)
    throw new LocalError(503, 'Unavailable', 'too many sign in at once; try again', { retryAfterSeconds: 5 });
  waiting++;
  const run = async (): Promise<Buffer> =>
    new Promise<Buffer>((resolve, reject) => {
      const options = { N: 2 ** logN, r, p, maxmem: MAX_MEMORY };
      scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => {
        if (error) reject(error);
        else resolve(key);
      });
    });
  const mine = last.then(run, run).finally(() => {
    waiting--;
  });
  last = mine.catch(() => undefined);
  return mine;
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return ['scrypt', COST.logN, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

const FORM = /^scrypt\$(1[0-5])\$(8)\$([1-4])\$([\w-]{16,64})\$([\w-]{43})$/;

/** Whether it is the password; as slow for a user that does not exist (`undefined`). */
export async function isPassword(hash: string | undefined, password: string): Promise<boolean> {
  const parts = FORM.exec(hash ?? '');
  const cost = parts ? { logN: Number(parts[1]), r: Number(parts[2]), p: Number(parts[3]) } : COST;
  const found = await derive(password, Buffer.from(parts?.[4] ?? 'AAAAAAAAAAAAAAAAAAAAAA', 'base64url'), cost);
  const expected = Buffer.from(parts?.[5] ?? '', 'base64url');
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** What is wrong with a new password, as a phrase; undefined when nothing is. Length counts, not what it is made of. */
export function weakness(password: string, userName: string): string | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD) return `it has ${length} characters; expected at least ${MIN_PASSWORD}`;
  if (new Set(password).size < 5) return 'it repeats a few characters only';
  if (password.toLowerCase().includes(userName.toLowerCase()) && length < MIN_PASSWORD + userName.length)
    return 'it is little more than the user name';
  return undefined;
}

/** A password that nobody chose: 120 bits. */
export function randomPassword(): string {
  return randomBytes(15).toString('base64url');
}
