import type { Detector } from '../../detector.ts';
import { digit, isRepeated, luhn } from './checksums.ts';
import { compactForm } from './compact-form.ts';
import { binaryWords } from './spec.ts';

/** Issuer ranges and lengths: ISO/IEC 7812 and the networks' own publications. First digits from, to, and lengths. */
const networks: readonly (readonly [name: string, from: string, to: string, lengths: readonly number[]])[] = [
  ['visa', '4', '4', [13, 16, 19]],
  ['mastercard', '51', '55', [16]],
  ['mastercard', '2221', '2720', [16]],
  ['amex', '34', '34', [15]],
  ['amex', '37', '37', [15]],
  ['dinersclub', '300', '305', [14, 16, 17, 18, 19]],
  ['dinersclub', '3095', '3095', [14, 16, 17, 18, 19]],
  ['dinersclub', '36', '36', [14, 15, 16, 17, 18, 19]],
  ['dinersclub', '38', '39', [14, 16, 17, 18, 19]],
  ['jcb', '3528', '3589', [16, 17, 18, 19]],
  ['jcb', '1800', '1800', [15]],
  ['jcb', '2131', '2131', [15]],
  ['discover', '6011', '6011', [16, 17, 18, 19]],
  ['discover', '644', '649', [16, 17, 18, 19]],
  ['discover', '65', '65', [16, 17, 18, 19]],
  ['discover', '622126', '622925', [16, 17, 18, 19]],
  ['unionpay', '62', '62', [16, 17, 18, 19]],
  ['unionpay', '81', '81', [16, 17, 18, 19]],
  ['maestro', '50', '50', [12, 13, 14, 15, 16, 17, 18, 19]],
  ['maestro', '56', '58', [12, 13, 14, 15, 16, 17, 18, 19]],
  ['maestro', '6', '6', [16, 18, 19]],
  ['mir', '2200', '2204', [16, 17, 18, 19]],
  ['uatp', '1', '1', [15]],
  ['troy', '9792', '9792', [16]],
  ['elo', '636368', '636369', [16]],
  ['verve', '506099', '506198', [16, 18, 19]],
  ['dankort', '5019', '5019', [16]],
  ['humo', '9860', '9860', [16]],
  ['uzcard', '8600', '8600', [16]],
  ['hipercard', '384', '384', [16, 19]],
];

/** So many digits decide. */
const headDigits = 6;
const ranges = networks.map(([name, from, to, lengths]) => ({
  name,
  from: Number(from.padEnd(headDigits, '0')),
  to: Number(to.padEnd(headDigits, '9')),
  lengths,
}));

/** @returns the network of a number without separators, whose check digit holds */
export function cardNetwork(number: string): string | undefined {
  if (!luhn(number) || isRepeated(number)) return undefined;
  let head = 0;
  for (let at = 0; at < headDigits; at += 1) head = head * 10 + digit(number, at);
  for (const { name, from, to, lengths } of ranges)
    if (head >= from && head <= to && lengths.includes(number.length)) return name;
  return undefined;
}

const words =
  'card,credit,debit,visa,mastercard,amex,american express,discover,jcb,diners,maestro,unionpay,cvv,cvc,cvv2,expiry,expires,exp date,exp.,valid thru,cardholder,pan,kreditkarte,kartennummer,carte bancaire,carte de crédit,carte bleue,tarjeta,carta di credito,cartão,creditcard,kredietkaart,karta,карта,信用卡,カード,카드';

export const card: Detector = {
  id: 'card',
  class: 'financial.card',
  name: 'Payment card number',
  token: 'CARD',
  find: { on: 'digits', min: 12, max: 19 + 48, before: 1, after: 1 },
  pattern:
    /(?<![A-Za-z0-9]|[0-9][.-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}[ -]?\d{6}[ -]?\d{4,5}|\d{12,19})(?![A-Za-z0-9]|[.-][0-9])/,
  check: (value) => cardNetwork(compactForm(value)) !== undefined,
  alone: /^\d(?:[ -]?\d){11,18}$/,
  isProven: true,
  // Luhn holds for one number in ten: alone it says little, and longer runs without separators less.
  confidence: { alone: 65, supported: 85 },
  context: binaryWords(words),
  against: ['order', 'tracking', 'invoice', 'timestamp', 'isbn', 'serial'],
  source: 'ISO/IEC 7812-1 and the issuer ranges that the networks publish',
};

/** The security code means something only beside its name. */
export const cardCode: Detector = {
  id: 'card.code',
  class: 'financial.card',
  name: 'Card verification code',
  token: 'CVV',
  find: { on: 'words', words: ['cvv', 'cvc', 'cvv2', 'cvc2'], at: { before: 0, after: 24 } },
  pattern: /\b(?:cvv2?|cvc2?)(?: (?:code|number|no))?["']?\s?[:=#]?\s?["']?(?<value>[0-9]{3,4})(?![0-9.])/i,
  confidence: { alone: 65, supported: 75 },
  context: binaryWords(words),
  neverAlone: true,
  source: 'ISO/IEC 7813; the networks’ card verification values',
};
