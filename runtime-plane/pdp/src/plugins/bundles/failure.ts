/** In one text. */
export function bundleFailure(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
