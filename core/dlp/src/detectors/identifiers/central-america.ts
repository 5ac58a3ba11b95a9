import { digit, isDay, luhn, weigh, weighBack } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);
const mod11 = (value: string, weights: readonly number[]): number => (11 - (weigh(value, weights) % 11)) % 11;

function isCostaRicanCompany(value: string): boolean {
  const kind = Number(value.slice(1, 4));
  if (value[0] === '2') return [100, 200, 300, 400].includes(kind);
  if (value[0] === '3')
    return (
      (kind > 1 && kind < 15) || (kind > 100 && kind < 111) || kind === 121 || kind === 120 || kind === 6
    );
  return (value[0] === '4' && kind === 0) || (value[0] === '5' && kind === 1);
}
const isCuban = (value: string): boolean => {
  const century = value[6] === '9' ? 1800 : Number(value[6]) < 6 ? 1900 : 2000;
  return isDay(century + two(value, 0), two(value, 2), two(value, 4));
};
const isRnc = (value: string): boolean => {
  const check = ((10 - (weigh(value.slice(0, 8), [7, 9, 8, 6, 5, 4, 3, 2]) % 11)) % 9) + 1;
  return check === last(value);
};
const isNcf = (value: string): boolean =>
  value.startsWith('E')
    ? /^E(?:3[1-4]|4[1-7])\d{10}$/.test(value)
    : value.length === 11
      ? /^B(?:0[1-4]|1[1-7])\d{8}$/.test(value)
      : /^[AP]\d{18}$/.test(value) && /^(?:0[1-4]|1[1-5])$/.test(value.slice(9, 11));

const isGuatemalanTax = (value: string): boolean => {
  const check = (11 - (weighBack(value, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1) % 11)) % 11;
  return (check === 10 ? 'K' : String(check)) === value.at(-1);
};
const municipalities = [17, 8, 16, 16, 13, 14, 19, 8, 24, 21, 9, 30, 32, 21, 8, 17, 14, 5, 11, 11, 7, 17];
const isCui = (value: string): boolean => {
  const place = Number(value.slice(11));
  return (
    weigh(value.slice(0, 8), [2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digit(value, 8) &&
    place > 0 &&
    place <= (municipalities[two(value, 9) - 1] ?? 0) + 1
  );
};

function isSalvadoran(value: string): boolean {
  const body = value.slice(0, 13);
  const check =
    Number(value.slice(10, 13)) <= 100
      ? (weigh(body, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10
      : mod11(body, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 10;
  return /^[019]/.test(value) && check === last(value);
}

export const centralAmerica = rowsFrom(
  'DGII (Dominican Republic), SAT and RENAP (Guatemala), MH (El Salvador), TSE and Hacienda (Costa Rica), tax services of Belize and Cuba',
  [
    ['bz.tin', 'tax', 'Belizean tax number', '#{6}_(?:10!13!66)', undefined, 'tin,belize', { supported: 65 }],
    [
      'cr.cpf',
      'id',
      'Costa Rican personal number',
      '0?[1-9]_#{3,4}_#{3,4}',
      (v) => v.length >= 9 && v.length < 11,
      'cédula,cedula,identidad,cpf',
      { supported: 75 },
    ],
    [
      'cr.cpj',
      'org',
      'Costa Rican company number',
      '[2-5]_#{3}_#{6}',
      isCostaRicanCompany,
      'cédula jurídica,cedula juridica,cpj',
      { supported: 75 },
    ],
    [
      'cr.cr',
      'id',
      'Costa Rican resident number',
      '1_#{10,11}',
      undefined,
      'dimex,residencia,residente',
      { supported: 75 },
    ],
    ['cu.ni', 'id', 'Cuban identity number', '#{11}', isCuban, 'identidad,carné,carnet', { supported: 75 }],
    [
      'do.cedula',
      'id',
      'Dominican identity number',
      '#{3}_#{7}_#',
      luhn,
      'cédula,cedula,identidad',
      { parted: 65 },
    ],
    [
      'do.rnc',
      'org',
      'Dominican company number (RNC)',
      '#_#{2}_#{5}_#',
      isRnc,
      'rnc,registro nacional,contribuyente',
      { parted: 65 },
    ],
    [
      'do.ncf',
      'invoice',
      'Dominican fiscal receipt (NCF)',
      'E#{12}|B#{10}|[AP]#{18}',
      isNcf,
      'ncf,e-cf,comprobante,fiscal',
    ],
    [
      'gt.nit',
      'tax',
      'Guatemalan tax number (NIT)',
      '#{1,11}_[0-9K]',
      isGuatemalanTax,
      'nit,tributaria,guatemala',
    ],
    ['gt.cui', 'id', 'Guatemalan identity number (CUI)', '#{4}_#{5}_#{4}', isCui, 'cui,dpi,identificación'],
    [
      'sv.nit',
      'tax',
      'Salvadoran tax number (NIT)',
      '#{4}_#{6}_#{3}_#',
      isSalvadoran,
      'nit,tributaria',
      { prefix: 'SV' },
    ],
  ],
);
