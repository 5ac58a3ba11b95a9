/** Modules that are compiled from wasm/*.as, ready to be called. */

/** The part of the engine's WebAssembly that is used; its types come with those of browsers only. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export type Memory = { readonly buffer: ArrayBuffer };

const pageBytes = 65_536;

/** All zero; pages that nobody touches take no room. */
export const memoryOf = (bytes: number): Memory =>
  new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });

/**
 * @param module as `scripts/dlp-kernel.ts` writes it
 * @param calls what it calls
 * @returns its functions
 */
export function linked(module: string, memory: Memory, calls: object = {}): unknown {
  const bytes = Uint8Array.from(atob(module), (one) => one.charCodeAt(0));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, ...calls } }).exports;
}
