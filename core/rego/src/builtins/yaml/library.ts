import type { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

/** What is used of the package `yaml`. It is handed in, so that a program without YAML does not load it. */
export interface YamlLibrary {
  readonly parseAllDocuments: typeof parseAllDocuments;
  readonly isAlias: typeof isAlias;
  readonly isMap: typeof isMap;
  readonly isScalar: typeof isScalar;
  readonly isSeq: typeof isSeq;
}
