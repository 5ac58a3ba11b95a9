/** What plain text means in YAML as Go's library reads it (go.yaml.in/yaml/v3): the 1.2 core with octals and underscores. */
export type Scalar = null | boolean | number | bigint | string;

const NAMED: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, -Infinity] as const),
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

/** Integers that Go holds exactly; larger ones are doubles there. */
const isHeld = (n: bigint): boolean => n >= -(2n ** 63n) && n < 2n ** 64n;

export function plainScalar(text: string): Scalar {
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  if (!/^[-+.0-9]/.test(text)) return text;
  const plain = text.replaceAll('_', '');
  const found = INTEGER.exec(plain);
  if (found !== null) {
    const [, sign = '', hex, binary, octal, decimal] = found;
    const digits =
      hex !== undefined
        ? `0x${hex}`
        : binary !== undefined
          ? `0b${binary}`
          : octal !== undefined
            ? `0o${octal}`
            : (decimal ?? '0');
    const n = BigInt(digits) * (sign === '-' ? -1n : 1n);
    if (isHeld(n)) return Number.isSafeInteger(Number(n)) ? Number(n) : n;
  }
  // What no double holds is text.
  return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : text;
}

/** Dates look like text here, but are quoted when written. */
const DATE =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]| +)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?: *Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

const OLD_BOOLEAN = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Would the text, written plainly, be read as text by this and by older versions of YAML? */
export function staysText(text: string): boolean {
  return (
    typeof plainScalar(text) === 'string' &&
    !DATE.test(text) &&
    !OLD_BOOLEAN.test(text) &&
    !BASE_60.test(text)
  );
}
