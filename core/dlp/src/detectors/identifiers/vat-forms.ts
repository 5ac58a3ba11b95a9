import { formsFrom } from './formats.ts';

/** VAT and like numbers by form, as VIES and the tax services write them; the checksums are in the detectors by country. */
export const vatForms = formsFrom(
  'vat',
  'pii.vat',
  `
AL (?:AL)?[A-Z0-9]#{8}[A-Z0-9]
AR (?:AR)?#{11}
AT (?:AT)?U#{8}
BE (?:BE)?[01]?#{9}
BG (?:BG)?#{9,10}
BO (?:BO)?#{7}
BR (?:BR)?(?:#{2}[.]#{3}[.]#{3}/#{4}-#{2}|#{3}[.]#{3}[.]#{3}-#{2})
BY (?:УНП ?)?#{9}
CA (?:CA)?#{9}
CL (?:CL)?#{8}-[0-9K]
CO (?:CO)?#{10}
CR (?:CR)?#{9,12}
CY (?:CY)?#{8}@
CZ (?:CZ)?#{8,10}
DE (?:DE)?#{9}
DK (?:DK)?#{8}
DO (?:DO)?(?:#{11}|#{3}-#{7}-#|[149]#{8}|[149]-#{2}-#{5}-#)
EC (?:EC)?#{13}
EE (?:EE)?#{9}
EL (?:EL)?#{9}
ES (?:ES)?[A-Z0-9]#{7}[A-Z0-9]
FI (?:FI)?#{8}
FR (?:FR)?[A-Z0-9]{2}#{9}
GB (?:GB)?(?:#{9}|#{3} ?#{4} ?#{2}|#{9} #{3}|#{3} ?#{4} ?#{2} ?#{3}|GD#{3}|HA#{3})
GT (?:GT)?#{7}-[0-9K]
HN (?:HN)?#{14}
HR (?:HR)?#{11}
HU (?:HU)?#{8}
ID (?:ID)?(?:#{15,16}|#{2}[.]#{3}[.]#{3}[.]#-#{3}[.]#{3})
IE (?:IE)?(?:#{7}@{1,2}|#[A-Z0-9+*]#{5}@)
IL (?:IL)?#{9}
IN (?:IN)?#{2}[A-Z0-9]{13}|(?:IN)?#{15}
IS (?:IS)?#{5,6}
IT (?:IT)?#{11}
KZ (?:KZ)?#{12}
LT (?:LT)?(?:#{9}|#{12})
LU (?:LU)?#{8}
LV (?:LV)?#{11}
MK (?:MK)?#{13}
MT (?:MT)?#{8}
MX (?:MX)?[A-ZÑ&]{3,4}#{6}[A-Z0-9]{3}
NG (?:NG)?(?:#{12}|#{8}-#{4})
NI (?:NI)?#{3}-?#{6}-?#{4}@
NL (?:NL)?(?:#{9}B#{2})
NO (?:NO)?#{9}MVA
NZ (?:NZ)?#{9}
PA (?:PA)?[0-9A-Z]{1,2}-#{1,5}-#{1,6}(?: ?DV ?#{2})?
PE (?:PE)?#{11}
PH (?:PH)?#{3}[ -]?#{3}[ -]?#{3}(?:[ -]?#{3})?
PL (?:PL)?(?:#{10}|#{3}-#{3}-#{2}-#{2}|#{3}-#{2}-#{2}-#{3})
PT (?:PT)?#{9}
PY (?:PY)?#{6,8}-#
RO (?:RO)?#{2,10}
RS (?:RS)?#{9}
RU (?:RU)?(?:#{10}|#{12})
SA (?:SA)?#{15}
SE (?:SE)?#{12}
SI (?:SI)?#{8}
SK (?:SK)?#{10}
SM (?:SM)?#{5}
SV (?:SV)?#{4}-#{6}-#{3}-#
TR (?:TR)?#{10}
UA (?:UA)?#{12}
UY (?:UY)?#{12}
UZ (?:UZ)?#{9}
VE (?:VE)?[JGVE]-?(?:#{9}|#{8}-#)
`,
  true,
);

/** Identity cards that only their form shows. */
export const cardForms = formsFrom(
  'idcard',
  'pii.id_card',
  `
LY [12]#{11}
IT (?!CA00000AA)C[A-Z]#{5}[A-Z]{2}|[A-Z]{2}#{7}
PK [1-7]#{4}-#{7}-[1-9]
TN #{8}
`,
  true,
);
