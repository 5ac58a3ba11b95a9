/** The text that a content stream shows (ISO 32000-1, 9.4), in the order in which it is drawn. */
import type { FontReader } from './fonts.ts';
import { isValue, Lexer } from './lexer.ts';
import { isArray, isDict, nameOf, type PdfValue, stringOf } from './value.ts';

type Surroundings = {
  readonly font: (name: string) => FontReader;
  /** Hears of codes that no character is known for. */
  readonly unknown: () => void;
  readonly late: () => boolean;
};

/** A gap of this many thousandths of the font's size is a space. */
const spaceFrom = 170;
const maxOperands = 64;

export function contentText(bytes: Uint8Array, { font, unknown, late }: Surroundings): string {
  const lexer = new Lexer(bytes);
  const operands: PdfValue[] = [];
  const out: string[] = [];
  let reader: FontReader | undefined;
  let lineY: number | undefined;
  let steps = 0;
  const show = (value: PdfValue | undefined): void => {
    const shown = stringOf(value);
    if (!shown || shown.length === 0) return;
    reader ??= font('');
    const read = reader(shown);
    if (read.unknown) unknown();
    out.push(read.text);
  };
  const breakWith = (text: string): void => {
    const last = out.at(-1);
    if (last === undefined || last === '\n' || (text === ' ' && last.endsWith(' '))) return;
    out.push(text);
  };
  for (let token = lexer.next(-1); token !== undefined; token = lexer.next(-1)) {
    steps += 1;
    if ((steps & 0xffff) === 0 && late()) break;
    if (isValue(token)) {
      operands.push(token);
      if (operands.length > maxOperands) operands.shift();
      continue;
    }
    if (!('operator' in token)) continue;
    switch (token.operator) {
      case 'Tf':
        reader = font(nameOf(operands.at(-2)) ?? '');
        break;
      case 'Tj':
        show(operands.at(-1));
        break;
      case "'":
      case '"':
        breakWith('\n');
        show(operands.at(-1));
        break;
      case 'TJ':
        for (const item of array(operands.at(-1)))
          if (typeof item === 'number') {
            if (-item > spaceFrom) breakWith(' ');
          } else show(item);
        break;
      case 'Td':
      case 'TD':
        breakWith(operands.at(-1) === 0 ? ' ' : '\n');
        break;
      case 'Tm': {
        const y = operands.at(-1);
        breakWith(y === lineY ? ' ' : '\n');
        lineY = typeof y === 'number' ? y : undefined;
        break;
      }
      case 'T*':
        breakWith('\n');
        break;
      case 'ET':
        breakWith(' ');
        break;
      case 'BDC':
      case 'DP': {
        const properties = operands.at(-1);
        if (isDict(properties)) show(properties.get('ActualText'));
        break;
      }
      case 'BI':
        skipImage(lexer);
        break;
      default:
    }
    operands.length = 0;
  }
  return out.join('');
}

function array(value: PdfValue | undefined): readonly PdfValue[] {
  return isArray(value) ? value : [];
}

/** Behind the data of an inline image: `EI` between white space. */
function skipImage(lexer: Lexer): void {
  const { bytes, end } = lexer;
  for (let at = lexer.at; at + 2 < end; at += 1) {
    if (bytes[at + 1] !== 0x45 || bytes[at + 2] !== 0x49) continue;
    const before = bytes[at] ?? 0;
    const behind = bytes[at + 3] ?? 0x20;
    if (before <= 0x20 && behind <= 0x20) {
      lexer.at = at + 3;
      return;
    }
  }
  lexer.at = end;
}
