import { formsFrom } from './formats.ts';

/** Vehicle registration plates by locale: the registration authorities' series. */
export const plateForms = formsFrom(
  'plate',
  'pii.vehicle_plate',
  `
cs-CZ (?=[A-Z0-9]*#)[ABCDEFHIJKLMNPRSTUVXYZ0-9]{5,8}
de-DE (?=(?:[ -]?[A-ZÄÖÜ0-9]){3,8}?(?:[ -]?[EH])?$)[A-ZÄÖÜ]{1,3}[ -]?[A-Z]{1,2}[ -]?(?:#{1,3}[ -]?[EH]?|#{1,4})|(?=.{0,12}$)[A-ZÄÖÜ]{1,2}[ -]?[A-Z]{1,2}[ -]?#{1,4}[ -]?[EH]?
de-LI FL[- ]?#{1,5}[UZ]?
en-GB [A-Z]{2}#{2} ?[A-Z]{3}|[A-Z]#{1,3} ?[A-Z]{3}|[A-Z]{3} ?#{1,3}[A-Z]|[A-Z]{1,3} ?#{1,4}|#{1,4} ?[A-Z]{1,3}
en-IN [A-Z]{2}[ -]?#{1,2}[ -]?[A-Z]{0,3}[ -]?#{4}
en-NG [A-Z]{3}[ -]?#{3}[ -]?[A-Z]{2}
en-NI [A-Z]{3} ?#{4}
en-PK [A-Z]{2,4}(?:[ -]?#{2})?[ -]#{1,4}|[A-Z]{3}#{3,4}
en-SG [A-Z]{3}[ -]?#{1,4}[ -]?[A-Z]
es-AR [A-Z]{2} ?#{3} ?[A-Z]{2}|[A-Z]{3} ?#{3}
es-ES #{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}|[A-Z]{1,2}[ -]?#{4}[ -]?[A-Z]{1,2}
fi-FI [A-ZÄÖ]{2,3}-#{1,3}|(?=.{4,7}$)(?:[A-Z]{1,3}|#{1,3})[ -]?(?:[A-Z]{1,3}|#{1,5})
fr-FR [A-HJ-NP-TV-Z]{2}-?#{3}-?[A-HJ-NP-TV-Z]{2}|#{1,4} ?[A-Z]{1,3} ?#{2,3}
hu-HU (?!AAA)(?:A[ABC][A-Z]|X[A-Z]{2})-#{3}|(?:A[D-HJ-NP-Z]|[B-HJ-NPR-WYZ][A-PR-Z])[A-HJ-NPR-Z]-#{3}|[A-Z]{2} ?[A-Z]{2}-#{3}|(?:CD|CK|DT|HC|HX|HI|MA|OT|RA|RX|RR|RB) #{2}-#{2}|[CVZE]-[A-Z] #{4}|[CVEPMZ] #{4,6}|S [A-Z]{3} #{2}|SP #{2}-#{2}
it-IT [A-HJ-NPR-TV-Z]{2} ?#{3} ?[A-HJ-NPR-TV-Z]{2}
ko-KR #{2,3}[가-힣] ?#{4}
nl-NL [A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,2}
no-NO [A-Z]{2} ?[1-9]#{4}
pl-PL [A-Z]{1,3} ?[A-Z0-9]{4,5}
pt-BR [A-Z]{3}[ -]?#[A-Z0-9]#{2}
pt-PT (?:[A-Z]{2}[ ·-]?#{2}[ ·-]?#{2}|#{2}[ ·-]?[A-Z]{2}[ ·-]?#{2}|#{2}[ ·-]?#{2}[ ·-]?[A-Z]{2}|[A-Z]{2}[ ·-]?#{2}[ ·-]?[A-Z]{2})
sq-AL [A-Z]{2}[ -]?#{3}[ -]?[A-Z]{2}|[A-Z]{3}[ -]?#{3}
sv-SE [A-HJ-PR-UW-Z]{3} ?#{2}[A-HJ-PR-UW-Z1-9]|(?!#+$)[A-ZÅÄÖ0-9 ]{2,7}
tr-TR (?:0[1-9]|[1-7][0-9]|8[01]) ?(?:[A-PR-VYZ] ?#{4,5}|[A-PR-VYZ]{2} ?#{3,4}|[A-PR-VYZ]{3} ?#{2,3})
`,
  true,
);
