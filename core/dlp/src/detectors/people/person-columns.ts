/** Tables of people: the header of a column says what its cells are. */
import type { TextDetector } from '../../detector.ts';
import type { Labels } from '../labelled-columns.ts';
import { openColumns } from '../labelled-columns.ts';
import { type Kind, kindOfHeader } from './column-headers.ts';

const looksRight: Readonly<Record<Kind, RegExp>> = {
  name: /^[A-Za-z\x80-\xff][A-Za-z\x80-\xff .,'-]{0,60}$/,
  address: /^[\w\x80-\xff#][\w\x80-\xff .,'#/-]{1,100}$/,
  birth_date: /^[\dA-Za-z\x80-\xff][\dA-Za-z\x80-\xff .,/-]{4,20}$/,
  phone: /^\+?[\d(][\d ()./x-]{5,24}$/,
  salary: /^(?:[$]|\xe2\x82\xac|\xc2\xa3|[A-Z]{3} ?)?\d[\d.,' ]{2,14}(?: ?(?:[A-Z]{3}|\xe2\x82\xac))?$/,
  gender: /^[A-Za-z\x80-\xff][A-Za-z\x80-\xff /-]{0,30}$/,
};

const labels: Labels<Kind> = {
  kinds: kindOfHeader,
  judgeOf(kinds) {
    if (kinds.size === 1 && !kinds.has('name') && !kinds.has('birth_date')) return undefined;
    // One such column may be of anything; two are of people.
    const confidence = kinds.size >= 2 ? 85 : 75;
    return (kind, cell) => (looksRight[kind].test(cell) ? { confidence, kind } : undefined);
  },
};

export const personColumns: TextDetector = {
  id: 'person.column',
  class: 'pii',
  name: 'Cell of a table of people',
  token: 'PERSONAL',
  open: () => openColumns(labels),
  source: 'RFC 4180; headers of tables of people in ten languages',
};
