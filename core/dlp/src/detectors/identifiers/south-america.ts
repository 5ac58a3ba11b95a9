import { digit, luhn, weigh, weighBack } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);
const mod11 = (value: string, weights: readonly number[]): number => (11 - (weigh(value, weights) % 11)) % 11;
/** Of all but the last digit, from the end. */
const mod11Back = (value: string, weights: readonly number[]): number =>
  (11 - (weighBack(value, weights, 1) % 11)) % 11;

const cbuBlock = (value: string): boolean =>
  (10 - (weighBack(value, [3, 1, 7, 9], 1) % 10)) % 10 === last(value);
const isCbu = (value: string): boolean =>
  cbuBlock(value.slice(0, 8)) && cbuBlock(value.slice(8)) && Number(value.slice(0, 8)) > 0;
function isCuit(value: string): boolean {
  const check = mod11(value.slice(0, 10), [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
  return /^(?:2[03-7]|3[0345]|5[015])/.test(value) && (check === 10 ? 9 : check) === last(value);
}

function isCpf(value: string): boolean {
  if (/^(\d)\1+$/.test(value)) return false;
  const check = (at: number): number =>
    mod11(value.slice(0, at), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].slice(10 - at)) % 10;
  return check(9) === digit(value, 9) && check(10) === digit(value, 10);
}
/** Since 2026 the first twelve may be letters, counted by their code less 48 (IN RFB 2.229/2024). */
function isCnpj(value: string): boolean {
  if (/^0+$/.test(value)) return false;
  const weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  const check = (at: number): number => {
    let sum = 0;
    for (let each = 0; each < at; each += 1) sum += digit(value, each) * (weights[13 - at + each] ?? 0);
    return ((11 - (sum % 11)) % 11) % 10;
  };
  return check(12) === digit(value, 12) && check(13) === digit(value, 13);
}
const isPis = (value: string): boolean =>
  mod11(value.slice(0, 10), [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 10 === last(value) && Number(value) > 0;
function isCnh(value: string): boolean {
  const first = weigh(value.slice(0, 9), [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
  const second = weigh(value.slice(0, 9), [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
  const shift = first > 9 ? 2 : 0;
  const other = second - shift < 0 ? second - shift + 11 : second - shift;
  return (
    (first > 9 ? 0 : first) === digit(value, 9) &&
    (other > 9 ? 0 : other) === digit(value, 10) &&
    !/^(\d)\1+$/.test(value)
  );
}

const isRut = (value: string): boolean => {
  const check = mod11Back(value, [2, 3, 4, 5, 6, 7]);
  return (check === 10 ? 'K' : String(check)) === value.at(-1) && Number(value.slice(0, -1)) > 0;
};
const isNit = (value: string): boolean => {
  const rest = weighBack(value, [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71], 1) % 11;
  return (rest < 2 ? rest : 11 - rest) === last(value);
};

const isProvince = (value: string): boolean =>
  (two(value, 0) > 0 && two(value, 0) < 25) || two(value, 0) === 30 || two(value, 0) === 50;
const isEcuadorian = (value: string): boolean =>
  isProvince(value) && digit(value, 2) < 7 && luhn(value.slice(0, 10));
function isEcuadorianTax(value: string): boolean {
  if (!isProvince(value)) return false;
  const third = value[2];
  if (third === '6' && weigh(value.slice(0, 9), [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0)
    return Number(value.slice(9)) > 0;
  if (third === '9')
    return (
      weigh(value.slice(0, 10), [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && Number(value.slice(10)) > 0
    );
  return isEcuadorian(value) && Number(value.slice(10)) > 0;
}

const isPeruvianTax = (value: string): boolean =>
  /^(?:10|15|16|17|20)/.test(value) &&
  (11 - (weigh(value.slice(0, 10), [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === last(value);
const isPeruvian = (value: string): boolean => {
  const rest = weigh(value.slice(0, 8), [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return value.length === 8 || '65432110987'[rest] === value[8] || 'KJIHGFEDCBA'[rest] === value[8];
};
const isParaguayan = (value: string): boolean =>
  mod11Back(value, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 10 === last(value);
const isUruguayanTax = (value: string): boolean =>
  two(value, 0) > 0 &&
  two(value, 0) < 23 &&
  Number(value.slice(2, 8)) > 0 &&
  value.slice(8, 11) === '001' &&
  mod11(value.slice(0, 11), [4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === last(value);
const isUruguayan = (value: string): boolean =>
  (10 - (weigh(value.padStart(8, '0').slice(0, 7), [2, 9, 8, 7, 6, 3, 4]) % 10)) % 10 === last(value);
const isVenezuelan = (value: string): boolean =>
  ('00987654321'[
    (' VEJPGC'.indexOf(value[0] ?? '') * 4 * (value[0] === 'C' ? 0.5 : 1) +
      weigh(value.slice(1, 9), [3, 2, 7, 6, 5, 4, 3, 2])) %
      11
  ] ?? '') === value[9];

export const southAmerica = rowsFrom(
  'BCRA, AFIP and RENAPER (Argentina), Receita Federal (Brazil), SII (Chile), DIAN (Colombia), SRI (Ecuador), SUNAT (Peru), DGI (Uruguay), SENIAT (Venezuela); OECD TIN pages',
  [
    [
      'ar.cbu',
      'bank',
      'Argentine bank account (CBU)',
      '#{8}_#{14}',
      isCbu,
      'cbu,cuenta,banco,alias',
      { alone: 65 },
    ],
    [
      'ar.cuit',
      'tax',
      'Argentine tax number (CUIT)',
      '#{2}_#{8}_#',
      isCuit,
      'cuit,cuil,cdi,afip',
      { prefix: 'AR', parted: 65 },
    ],
    [
      'ar.dni',
      'id',
      'Argentine identity number (DNI)',
      '#{1,2}_#{3}_#{3}',
      undefined,
      'dni,documento,identidad',
      { supported: 75 },
    ],
    [
      'bo.ci',
      'card',
      'Bolivian identity card',
      '#{5,8}_(?:LP!CB!SC!OR!PT!CH!TJ!BE!PD)_[0-9A-Z]{2}|#{5,8}_(?:LP!CB!SC!OR!PT!CH!TJ!BE!PD)',
      undefined,
      'cédula,carnet de identidad,ci,c.i.',
      { alone: 65 },
    ],
    [
      'br.cpf',
      'tax',
      'Brazilian taxpayer number (CPF)',
      '#{3}_#{3}_#{3}_#{2}',
      isCpf,
      'cpf,cadastro de pessoa,contribuinte',
      { parted: 65 },
    ],
    [
      'br.cnpj',
      'org',
      'Brazilian company number (CNPJ)',
      '[0-9A-Z]{2}_[0-9A-Z]{3}_[0-9A-Z]{3}_[0-9A-Z]{4}_#{2}',
      isCnpj,
      'cnpj,empresa,pessoa jurídica',
      { parted: 65 },
    ],
    ['br.pis', 'soc', 'Brazilian social number (PIS/NIS)', '#{3}_#{5}_#{2}_#', isPis, 'pis,pasep,nis,nit'],
    ['br.cnh', 'drive', 'Brazilian driving licence', '#{11}', isCnh, 'cnh,habilitação,habilitacao'],
    [
      'br.rg',
      'card',
      'Brazilian identity card (RG)',
      '#{2}_#{3}_#{3}_[0-9X]',
      undefined,
      'rg,identidade,registro geral',
      { supported: 65 },
    ],
    [
      'cl.rut',
      'tax',
      'Chilean tax number (RUT)',
      '#{1,2}_#{3}_#{3}_[0-9K]',
      isRut,
      'rut,rol único,cédula',
      { prefix: 'CL', parted: 65 },
    ],
    [
      'cl.run',
      'id',
      'Chilean identity number (RUN)',
      '#{1,2}_#{3}_#{3}_[0-9K]',
      isRut,
      'run,rut,cédula,identidad',
      // A word of English, too.
      { prefix: 'CL', supported: 75 },
    ],
    [
      'co.nit',
      'tax',
      'Colombian tax number (NIT)',
      '#{1,4}_#{3}_#{3}_#',
      isNit,
      'nit,dian,identificación tributaria',
      { parted: 65 },
    ],
    [
      'co.cc',
      'id',
      'Colombian identity number (cédula)',
      '#{1,4}_#{3}_#{3}',
      undefined,
      'cédula,cedula de ciudadanía,c.c.,ciudadanía',
      { supported: 65 },
    ],
    ['ec.ci', 'id', 'Ecuadorian identity number', '#{9}_#', isEcuadorian, 'cédula,cedula,identidad,ci'],
    ['ec.ruc', 'tax', 'Ecuadorian tax number (RUC)', '#{10}_#{3}', isEcuadorianTax, 'ruc,contribuyente'],
    ['pe.ruc', 'tax', 'Peruvian tax number (RUC)', '#{11}', isPeruvianTax, 'ruc,sunat,contribuyente'],
    [
      'pe.cui',
      'id',
      'Peruvian identity number (DNI)',
      '#{8}_[0-9A-K]|#{8}',
      isPeruvian,
      'dni,cui,documento nacional,identidad',
      { supported: 75 },
    ],
    [
      'pe.ce',
      'card',
      'Peruvian foreigner card',
      '#{9}',
      undefined,
      'carnet de extranjería,carné de extranjería,extranjeria',
      { supported: 65 },
    ],
    ['py.ruc', 'tax', 'Paraguayan tax number (RUC)', '#{4,8}_#', isParaguayan, 'ruc,contribuyente'],
    [
      'py.cedula',
      'id',
      'Paraguayan identity number',
      '#{1,2}_#{3}_#{3}|#{5,8}',
      undefined,
      'cédula,cedula,identidad',
      { supported: 65 },
    ],
    [
      'uy.rut',
      'tax',
      'Uruguayan tax number (RUT)',
      '#{2}_#{6}_#{3}_#',
      isUruguayanTax,
      'rut,dgi,ruc',
      { prefix: 'UY' },
    ],
    [
      'uy.cedula',
      'id',
      'Uruguayan identity number',
      '#_#{3}_#{3}_#|#{3}_#{3}_#',
      isUruguayan,
      'cédula,cedula,ci,identidad',
    ],
    [
      'uy.nie',
      'id',
      'Uruguayan number of a foreigner',
      '9_#{3}_#{3}_#{2}',
      undefined,
      'nie,extranjero,residente',
      { supported: 65 },
    ],
    [
      've.rif',
      'tax',
      'Venezuelan tax number (RIF)',
      '[VEJPGC]_#{8}_#',
      isVenezuelan,
      'rif,seniat,contribuyente',
      { alone: 65, parted: 65 },
    ],
    [
      've.ci',
      'id',
      'Venezuelan identity number',
      '[VE]_#{6,8}',
      undefined,
      'cédula,cedula,identidad',
      { supported: 75 },
    ],
  ],
);
