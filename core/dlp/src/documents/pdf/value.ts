/** The objects of ISO 32000, as far as texts need them. */
export type PdfName = { readonly name: string };
export type PdfRef = { readonly ref: number };
export type PdfString = { readonly bytes: Uint8Array };
export type PdfDict = ReadonlyMap<string, PdfValue>;
export type PdfValue = number | boolean | null | PdfName | PdfRef | PdfString | PdfDict | readonly PdfValue[];

export const isDict = (value: PdfValue | undefined): value is PdfDict => value instanceof Map;
export const isArray = (value: PdfValue | undefined): value is readonly PdfValue[] => Array.isArray(value);

export function nameOf(value: PdfValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
}

export function refOf(value: PdfValue | undefined): number | undefined {
  return typeof value === 'object' && value !== null && 'ref' in value ? value.ref : undefined;
}

export function stringOf(value: PdfValue | undefined): Uint8Array | undefined {
  return typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : undefined;
}
