import { base36, luhn, verhoeff } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const isPalindrome = (value: string): boolean => value === value.split('').toReversed().join('');

const isAadhaar = (value: string): boolean => verhoeff(value) && !isPalindrome(value);
const isPan = (value: string): boolean =>
  /^[A-Z]{3}[ABCFGHJKLPTE]/.test(value) && value.slice(5, 9) !== '0000';
/** State, PAN, entity, Z, and a Luhn character in base 36. */
function isGstin(value: string): boolean {
  const state = two(value, 0);
  if (!((state > 0 && state < 39) || state === 97 || state === 99) || !isPan(value.slice(2, 12)))
    return false;
  let sum = 0;
  for (let at = 0; at < 14; at += 1) {
    const product = base36(value[at]) * (at % 2 === 1 ? 2 : 1);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return (36 - (sum % 36)) % 36 === base36(value[14]);
}
const isCnic = (value: string): boolean => /^[1-7]/.test(value) && value[12] !== '0';
/** Year of birth first; nobody born before 1910 holds the card. */
const isLankan = (value: string): boolean =>
  value.length === 12 ? /^(?:19|20)/.test(value) : value[0] !== '0';

const isNepali = (value: string): boolean => value.length === 9;

export const southAsia = rowsFrom(
  'UIDAI, Income Tax Department and GSTN (India), NADRA (Pakistan), DRP (Sri Lanka)',
  [
    [
      'in.aadhaar',
      'id',
      'Indian Aadhaar number',
      '[2-9]#{3}_#{4}_#{4}',
      isAadhaar,
      'aadhaar,aadhar,uidai,आधार,uid',
      { parted: 65 },
    ],
    [
      'in.vid',
      'id',
      'Indian Aadhaar virtual id',
      '[2-9]#{3}_#{4}_#{4}_#{4}',
      isAadhaar,
      'vid,virtual id,aadhaar,aadhar',
    ],
    [
      'in.pan',
      'tax',
      'Indian permanent account number (PAN)',
      '@{3}[ABCFGHJKLPTE]@_#{4}_@',
      isPan,
      'pan,permanent account,income tax',
      { alone: 65 },
    ],
    [
      'in.gstin',
      'vat',
      'Indian GST number (GSTIN)',
      '#{2}@{5}#{4}@[0-9A-Z]Z[0-9A-Z]',
      isGstin,
      'gstin,gst',
      { alone: 75 },
    ],
    [
      'in.gstin_form',
      'vat',
      'Number of the form of an Indian GSTIN',
      '(?:[0-2]#!3[0-8]!97!99)@{5}#{4}@[1-9A-Z]Z[0-9A-Z]',
      undefined,
      'gstin,gst,gst registration',
      { alone: 65, supported: 75 },
    ],
    [
      'in.epic',
      'voter',
      'Indian voter number (EPIC)',
      '@{3}#{7}',
      (v) => luhn(v.slice(3)),
      'epic no,epic number,voter,election card,election commission,electoral',
    ],
    [
      'in.voter',
      'voter',
      'Number of the form of an Indian EPIC',
      '@{3}_#{7}',
      undefined,
      'epic,voter,election,elector',
      { supported: 75 },
    ],
    [
      'in.passport',
      'pass',
      'Indian passport',
      '[A-PR-WYZ]_[1-9]#_#{4}[1-9]',
      undefined,
      'passport,पासपोर्ट',
      { supported: 75 },
    ],
    [
      'in.driving',
      'drive',
      'Indian driving licence',
      '@{2}_#{2}_(?:19!20)#{2}_#{7}',
      undefined,
      'driving,licence,license,dl no',
      { alone: 65 },
    ],
    [
      'in.ifsc',
      'code',
      'Indian bank branch code (IFSC)',
      '@{4}0[0-9A-Z]{6}',
      undefined,
      'ifsc,bank,branch,account',
      { supported: 75 },
    ],
    [
      'bd.nid',
      'id',
      'Bangladeshi national identity number',
      '#{10}|#{13}|#{17}',
      undefined,
      'nid,national id,জাতীয় পরিচয়পত্র',
      { supported: 65 },
    ],
    [
      'np.pan',
      'tax',
      'Nepali tax number',
      '#{9}',
      isNepali,
      'pan no,permanent account,nepal',
      { supported: 65 },
    ],
    [
      'pk.cnic',
      'id',
      'Pakistani identity number (CNIC)',
      '#{5}_#{7}_#',
      isCnic,
      'cnic,nic,identity card,nadra,شناختی',
      { parted: 65 },
    ],
    [
      'pk.ntn',
      'tax',
      'Pakistani tax number (NTN)',
      '#{7}_#?',
      undefined,
      'ntn,national tax,fbr',
      { supported: 65 },
    ],
    [
      'lk.nic',
      'id',
      'Sri Lankan identity number (NIC)',
      '#{9}_[VX]|#{12}',
      isLankan,
      'nic,identity card,national identity',
      { supported: 75 },
    ],
  ],
);
