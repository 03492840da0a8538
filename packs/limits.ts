/** Bounds on what a pack may hold. Everything is refused while it is read, before it is kept. */
export interface PackLimits {
  /** Bytes of the archive as it arrives (compressed). */
  readonly archiveBytes: number;
  /** Files and directories in the archive. */
  readonly entries: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files together; nested chart archives count with what they unpack to. */
  readonly totalBytes: number;
  /** Archives inside archives: 1 allows charts, 2 their subcharts, and so on. */
  readonly nestedArchives: number;
}

const MIB = 1024 * 1024;

/** Far above every pack in the public repository (largest: 2 MiB packed), far below what would hurt a plane. */
export const DEFAULT_LIMITS: PackLimits = {
  archiveBytes: 32 * MIB,
  entries: 10_000,
  fileBytes: 16 * MIB,
  totalBytes: 128 * MIB,
  nestedArchives: 4,
};
