import { readArchive } from '../archive/read-archive.ts';
import { writeStoredArchive } from '../archive/write-stored-archive.ts';
import type { Files } from '../files.ts';
import { localSchema, VALUES_SCHEMA } from './local-schema.ts';

/**
 * A chart whose schemas refer to nothing outside of them, those of its subcharts in archives too. Archives are written
 * anew, so that Helm reads in them what was read here.
 *
 * @throws PackError for an archive that cannot be read; opening the chart found that out before.
 */
export async function localChart(files: Files): Promise<Files> {
  const local = new Map<string, Uint8Array>();
  for (const [path, content] of files) {
    if (path.endsWith(VALUES_SCHEMA)) local.set(path, localSchema(content));
    else if (/(^|\/)charts\/[^/]+\.tgz$/.test(path))
      local.set(path, writeStoredArchive(await localChart(await readArchive(content))));
    else local.set(path, content);
  }
  return local;
}
