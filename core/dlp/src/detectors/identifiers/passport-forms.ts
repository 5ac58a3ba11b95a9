import { formsFrom } from './formats.ts';

/** Passport numbers by issuing country, without blanks: PRADO (Council of the EU) and the issuing authorities. */
export const passportForms = formsFrom(
  'passport',
  'pii.passport',
  `
AE @?#{8,9}
AF [A-Z]{1,2}#{7,8}
AL @{2}#{7}
AM @{2}#{7}
AR @{3}#{6}
AT @#{7}
AU @{1,2}#{7}
AZ [A-Z]{1,2}#{7,8}
BA [A-Z]?#{7,8}
BD @{2}#{7}
BE @{2}#{6}
BG #{9}
BO @?#{7,9}
BR @{2}#{6}
BY @{2}#{7}
CA @{2}#{6}|@#{6}@{2}
CH [A-Z]#{7}|[A-Z][0-9A-Z]#{6}
CL @?#{8,9}
CN G#{8}|E(?![IO])[A-Z0-9]#{7}|[DSP][EP]?#{7,8}
CO @{2}#{6}
CY @#{6,8}
CZ #{8}
DE [CFGHJKLMNPRTVWXYZ0-9]{9}
DK #{9}
DZ #{9}
EC @#{7}
EE (?:@#{7}|@{2}#{7})
EG @#{8}
ES [A-Z0-9]{2,3}[A-Z0-9]?#{6}
FI @{2}#{7}
FR #{2}@{2}#{5}
GB #{9}
GE #{2}@{2}#{5}
GR @{2}#{7}
HK [HK][A-Z]?#{8}
HR #{9}
HU @{2}(?:#{6}|#{7})
ID [A-CX]#{7}|[A-Z][0-9]#{6}
IE @{2}#{7}|@#{8}
IL #{8,9}
IN @-?#{7}
IQ @#{8}
IR @#{8}
IS A#{7}
IT [A-Z0-9]{2}#{7}
JM @#{7}
JO @#{6}
JP @{2}#{7}
KE [A-Z]{1,2}#{6,7}
KR [MSRODG](?:#{8}|#{3}@#{4})
KW @?#{8,9}
KZ @#{7}
LI @#{5}
LK @#{7}
LT [A-Z0-9]{8}
LU [A-Z0-9]{8}
LV [A-Z0-9]{2}#{7}
LY [A-Z0-9]{8}
MA @{2}#{7}
MD @#{8}|@{2}#{7}
MT #{7}
MX [A-Z]#{8}|#{10,11}
MY [AHK]#{8}
MZ [A-Z]{2}#{7}|#{2}[A-Z]{2}#{5}
NG @#{8}
NL [A-Z]{2}[A-Z0-9]{6}#
NO @?#{7,8}
NP #{7,8}|@#{7,8}
NZ (?:L[ADFHK]|E[AP]|N|RA)#{6}
PE #{7,9}
PH @#{7}[A-Z]|@(?:#{6}|#{7})|@{2}(?:#{6}|#{7})
PK @{2}#{7}
PL @{2}#{7}
PT @{1,2}#{6}
QA #{8}
RO #{8,9}
RS #{9}
RU #{9}
SA @#{7,8}
SE #{8}|@{2}#{6}
SG [EK]#{7}[A-Z]
SI P[A-Z]#{7}
SK [0-9A-Z]#{7}|@{2}#{7}
SL @#{6,7}|@{2}#{6}
TH @{1,2}#{6,7}
TN @#{6}
TR @#{8}
TW #{9}
UA @{2}#{6}
US #{9}|@#{8}
UY @#{6}
UZ @{2}#{7}
VE #{9}
VN @#{7}
ZA [TAMD]#{8}
`,
  true,
);
