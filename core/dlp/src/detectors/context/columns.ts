/** Tables whose header says that a column holds passwords or keys: what password managers and browsers export. */
import type { TextDetector } from '../../detector.ts';
import type { Labels } from '../labelled-columns.ts';
import { openColumns } from '../labelled-columns.ts';
import { secretHeaders } from '../people/column-headers.ts';
import { low, medium } from './bands.ts';
import { kindOf } from './value.ts';

const labels: Labels<'secret'> = {
  kinds: new Map(secretHeaders.map((header) => [header, 'secret'])),
  // A sentence with a comma has words beside the name; a header has a name in each cell.
  isHeader: (cells) => cells.every((cell) => cell.length <= 40 && !/[.!?]\s/.test(cell)),
  judgeOf: () => (_, cell) => {
    const kind = kindOf(cell, true);
    return kind === 'none' ? undefined : { confidence: (kind === 'plain' ? low : medium).alone };
  },
};

export const secretColumns: TextDetector = {
  id: 'generic.column',
  class: 'credential.generic',
  name: 'cell of a column of passwords or keys',
  token: 'SECRET',
  open: () => openColumns(labels),
  source: 'RFC 4180; the headers that password managers and browsers write',
};
