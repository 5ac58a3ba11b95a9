/** How much of a bundle is read. What goes beyond is refused before it takes up memory. */
export type BundleLimits = {
  /** Bytes of the archive as it comes. */
  readonly archiveBytes: number;
  /** Bytes of the unpacked archive, headers included. */
  readonly unpackedBytes: number;
  readonly fileBytes: number;
  readonly files: number;
  /** Of a name in the archive, in UTF-8. */
  readonly nameBytes: number;
  /** Objects and lists inside each other in a data document. */
  readonly depth: number;
};

export const defaultLimits: BundleLimits = {
  archiveBytes: 64 * 1024 * 1024,
  unpackedBytes: 256 * 1024 * 1024,
  fileBytes: 64 * 1024 * 1024,
  files: 10_000,
  nameBytes: 1_024,
  depth: 500,
};
