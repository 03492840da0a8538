import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { safePath, sortFiles, type Files } from '../files.ts';
import { DEFAULT_LIMITS, type PackLimits } from '../limits.ts';
import { PackError } from '../problem.ts';

/** What editors, version control and desktops leave behind; never part of a pack. */
const IGNORED: ReadonlySet<string> = new Set(['.git', '.svn', '.hg', '.DS_Store', 'Thumbs.db', 'node_modules']);

/**
 * Reads a directory into memory under the same rules as an archive, so that what opens here also
 * opens after it was packed.
 *
 * @throws PackError `UnsafePath` for links and devices, `LimitExceeded`, or `UnreadableDirectory`.
 */
export async function readDirectory(directory: string, limits: PackLimits = DEFAULT_LIMITS): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  let entries = 0;
  let total = 0;

  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(directory, relative), { withFileTypes: true })) {
      if (IGNORED.has(entry.name)) continue;
      const path = safePath(relative === '' ? entry.name : `${relative}/${entry.name}`);
      entries += 1;
      if (entries > limits.entries) throw tooMuch(path, `more than ${limits.entries} files and directories`);
      if (entry.isDirectory()) {
        await visit(path);
        continue;
      }
      if (!entry.isFile()) {
        throw PackError.at(
          'UnsafePath',
          path,
          'not-a-file',
          'links and devices are refused; a pack holds files and directories only',
        );
      }
      const { size } = await lstat(join(directory, path));
      total += size;
      if (size > limits.fileBytes) throw tooMuch(path, `${size} bytes in one file; at most ${limits.fileBytes}`);
      if (total > limits.totalBytes) throw tooMuch(path, `more than ${limits.totalBytes} bytes in all`);
      files.set(path, await readFile(join(directory, path)));
    }
  };

  try {
    await visit('');
  } catch (error) {
    if (error instanceof PackError) throw error;
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
    throw PackError.at(
      'UnreadableDirectory',
      directory,
      'directory-unreadable',
      `cannot be read (${reason}); expected the directory of a pack, with a pack.json`,
      { cause: error },
    );
  }
  return sortFiles(files);
}

function tooMuch(path: string, what: string): PackError {
  return PackError.at('LimitExceeded', path, 'directory-limit', what);
}
