/**
 * Paths on Linux are bytes; JSON is text. A path that is not UTF-8 travels as its readable form plus the exact bytes, so
 * that a record names the very file and two files never share one record.
 */

export type WirePath = { readonly path: string; readonly path_bytes?: string };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** @returns `path_bytes` (base64) only when `path` alone would lose something */
export function wirePath(bytes: Uint8Array): WirePath {
  try {
    return { path: strictUtf8.decode(bytes) };
  } catch {
    return { path: lenientUtf8.decode(bytes), path_bytes: btoa(String.fromCharCode(...bytes)) };
  }
}

/** The exact bytes that {@link wirePath} was given. Throws when `path_bytes` is not base64. */
export function pathBytes(wire: WirePath): Uint8Array {
  if (wire.path_bytes === undefined) return new TextEncoder().encode(wire.path);
  return Uint8Array.from(atob(wire.path_bytes), (character) => character.charCodeAt(0));
}
