export { fileSource, nodeDlpHost } from './host.ts';
export { BoundedNames, pseudonymOf } from './pseudonyms.ts';
export { scannerFor } from './scanner.ts';
