/** Names of people behind the labels of forms, and in front of mail addresses. */
import type { Checked, Detector } from '../../detector.ts';
import { fullName, personName, personSupport } from './addressed-people.ts';
import { anyCase, capitalised } from './letters.ts';
import { strongLabels, weakLabels } from './name-labels.ts';
import { judgeName } from './person-names.ts';

/** The last letters of every label before its colon, as far as they are ASCII. */
const labelEnds = [
  ...new Set([...strongLabels, ...weakLabels].map((label) => `${/[a-z'.]*$/.exec(label)?.[0] ?? ''}:`)),
].filter((word) => word.length >= 3);

/** A label and the name behind it: `Patient: Jane Doe`. */
export const labelledPerson: Detector = {
  id: 'person.labelled',
  class: 'pii.name',
  name: 'Name after a label',
  token: 'NAME',
  find: { on: 'words', words: labelEnds, at: { before: 24, after: 90 } },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_.$-])(?:(?<strong>${anyCase(strongLabels)})|${anyCase(weakLabels)}) ?:[ \\t]{0,8}(?:\\r?\\n[ \\t]*)?["']?(?:(?:Mr|Mrs|Ms|Herr|Frau)\\.? )?(?:(?:Dr|Prof)\\.? (?:med\\. )?)?(?<value>${personName})(?![A-Za-z0-9_(@\\x80-\\xff])`,
  ),
  check: (value, match): Checked => {
    const first = /^[^ \xa0]*/.exec(value)?.[0] ?? '';
    const isName = judgeName(first, value.slice(first.length), true) !== undefined;
    if (match.groups?.['strong'] === undefined) return isName;
    const why = 'the label asks for a name';
    return isName ? { alone: 75, supported: 85, why } : { alone: 65, supported: 75, why };
  },
  confidence: { alone: 65, supported: 75 },
  context: personSupport.filter((word) => word.includes(' ') || word === 'passport' || word === 'insured'),
  neverAlone: true,
  source: 'Labels of forms in sixteen languages',
};

/** `Jane Doe <jane@example.org>`: the name. */
export const mailPerson: Detector = {
  id: 'person.mail',
  class: 'pii.name',
  name: 'Name in front of a mail address',
  token: 'NAME',
  find: { on: 'at' },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_.@\\x80-\\xff-])(?<value>${fullName}|${capitalised}, ${capitalised})["']? {0,2}[<(\\[](?:mailto:)?[\\w.+-]{1,64}@`,
  ),
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source: 'RFC 5322, 3.4: display names',
};
