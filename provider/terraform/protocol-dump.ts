import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes every value that Terraform sends and gets into a folder, for looking into trouble: files such as
 * `1763719200000-7_PlanResourceChange_Request_PriorState.msgpack`. They hold secrets as they are. Asked for by
 * environment variable TF_LOG_SDK_PROTO_DATA_DIR, as with providers in Go.
 */
export interface ProtocolDump {
  write(rpc: string, message: 'Request' | 'Response', content: object): void;
}

export function createProtocolDump(folder: string | undefined, now: () => number = Date.now): ProtocolDump {
  if (folder === undefined || folder === '') return { write: () => undefined };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let count = 0;
  return {
    write(rpc, message, content) {
      const prefix = `${now()}-${count++}_${rpc}_${message}`;
      for (const [field, value] of Object.entries(content) as [string, unknown][]) {
        for (const [encoding, bytes] of encodings(value)) {
          writeFileSync(
            join(folder, `${prefix}_${field.charAt(0).toUpperCase()}${field.slice(1)}.${encoding}`),
            bytes,
            { mode: 0o600 },
          );
        }
      }
    },
  };
}

/** The encodings of a field that is a value or a stored state; nothing for any other field. */
function encodings(value: unknown): [string, Buffer][] {
  if (typeof value !== 'object' || value === null) return [];
  const found = Object.entries(value) as [string, unknown][]; // as: entries of an object of unknown shape
  return found.filter(
    (entry): entry is [string, Buffer] =>
      (entry[0] === 'msgpack' || entry[0] === 'json') && Buffer.isBuffer(entry[1]) && entry[1].length > 0,
  );
}
