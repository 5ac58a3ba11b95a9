/** Makes something when it is first asked for, and keeps it: most of what detectors need, hardly any text needs. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
