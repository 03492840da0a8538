/**
 * The operator of the bus: the key that signs the tenants' accounts. Made once, kept on disk and
 * readable by its owner only; nats-server is given the public parts alone.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import jwt from '@nats-io/jwt';
import { z } from 'zod';

const Operator = z.object({
  operatorSeed: z.string().startsWith('SO'),
  operatorJwt: z.string(),
  systemAccount: z.string().startsWith('A'),
  systemAccountSeed: z.string().startsWith('SA'),
  systemAccountJwt: z.string(),
});
export type Operator = z.infer<typeof Operator>;

const FILE = 'operator.json';

/** What an account without limits must say: what is left out counts as zero, not as unlimited. */
export const UNLIMITED = {
  conn: -1,
  subs: -1,
  data: -1,
  payload: -1,
  leaf: -1,
  imports: -1,
  exports: -1,
  wildcards: true,
} as const;

/**
 * Reads the operator in `dir`, or makes it there at the first call.
 *
 * @throws Error that names the file when it is there but cannot be used.
 */
export async function ensureOperator(dir: string): Promise<Operator> {
  const file = join(dir, FILE);
  const found = await readOperator(file);
  if (found) return found;
  const operator = await createOperator();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, JSON.stringify(operator, undefined, 2), { mode: 0o600 });
  await rename(partial, file);
  return operator;
}

async function readOperator(file: string): Promise<Operator | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return Operator.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `${file}: not an operator as it was written here; restore it, or remove it to make another, which no agent knows`,
      {
        cause: error,
      },
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

async function createOperator(): Promise<Operator> {
  const operator = jwt.createOperator();
  const system = jwt.createAccount();
  // The system account must not have JetStream limits: the server refuses to start with them.
  const systemAccountJwt = await jwt.encodeAccount('SYS', system, { limits: UNLIMITED }, { signer: operator });
  const operatorJwt = await jwt.encodeOperator('palette', operator, { system_account: system.getPublicKey() });
  const seed = (key: { getSeed(): Uint8Array }): string => new TextDecoder().decode(key.getSeed());
  return {
    operatorSeed: seed(operator),
    operatorJwt,
    systemAccount: system.getPublicKey(),
    systemAccountSeed: seed(system),
    systemAccountJwt,
  };
}

export interface NatsServerOptions {
  readonly operator: Operator;
  readonly listen: { readonly host: string; readonly port: number };
  /** Certificate and key files (PEM); absent only for tests on the loopback interface. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Where WebSockets are taken, with the same certificate: for clients behind proxies and firewalls. Absent: nowhere. */
  readonly websocket?: { readonly host: string; readonly port: number };
  /** Where JetStream keeps its streams. */
  readonly storeDir: string;
  /** Where the server keeps the accounts it was told of. */
  readonly resolverDir: string;
  /** Health and figures over HTTP, on the loopback interface; absent: off. */
  readonly monitorPort?: number;
}

/** The configuration of a nats-server in operator mode, as text. */
export function natsServerConfig({
  operator,
  listen,
  tls,
  websocket,
  storeDir,
  resolverDir,
  monitorPort,
}: NatsServerOptions): string {
  const certificate = tls ? [`cert_file: ${quote(tls.certFile)}`, `key_file: ${quote(tls.keyFile)}`, 'timeout: 5'] : [];
  const lines = [
    `listen: ${quote(`${listen.host}:${listen.port}`)}`,
    ...(monitorPort === undefined ? [] : [`http: ${quote(`127.0.0.1:${monitorPort}`)}`]),
    ...(tls ? ['tls {', ...certificate, '}'] : []),
    ...(websocket
      ? [
          'websocket {',
          `listen: ${quote(`${websocket.host}:${websocket.port}`)}`,
          ...(tls ? ['tls {', ...certificate.slice(0, 2), '}'] : ['no_tls: true']),
          'compression: false',
          'handshake_timeout: "5s"',
          '}',
        ]
      : []),
    `operator: ${operator.operatorJwt}`,
    `system_account: ${operator.systemAccount}`,
    // allow_delete stays off: an account goes by losing its users, never by a message.
    `resolver: { type: full, dir: ${quote(resolverDir)}, allow_delete: false, interval: "2m" }`,
    `resolver_preload: { ${operator.systemAccount}: ${operator.systemAccountJwt} }`,
    `jetstream { store_dir: ${quote(storeDir)} }`,
    'max_payload: 1MB',
    'ping_interval: "20s"',
    'lame_duck_duration: "30s"',
    'lame_duck_grace_period: "2s"',
  ];
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
