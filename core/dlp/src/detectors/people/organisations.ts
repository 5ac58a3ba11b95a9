/** Names of companies, where the legal form says that it is one. */
import type { Detector } from '../../detector.ts';
import { list, oneOf, upper } from './letters.ts';

const forms = list(`
Inc.|Inc|Incorporated|LLC|L.L.C.|LLP|Ltd.|Ltd|Limited|PLC|plc|Corp.|Corp|Corporation|Co. KG|GmbH|gGmbH|mbH|AG & Co. KGaA|KGaA|S.A.|S.A.S.|SARL|S.à r.l.|B.V.|BV|N.V.|S.p.A.|SpA|S.r.l.|Srl|S.L.|S.L.U.|Lda.|Lda|Ltda.|Ltda|Oy|Oyj
|A/S|ApS|Sp. z o.o.|sp. z o.o.|s.r.o.|d.o.o.|Kft.|Kft|Zrt.|Zrt|Pty Ltd|Pvt. Ltd.|Pvt Ltd|Pte Ltd|Pte. Ltd.|K.K.
`);

const part = `(?:${upper}|\\d)[\\w&'\\x80-\\xff-]{0,24}`;

export const company: Detector = {
  id: 'org.company',
  class: 'org',
  name: 'Company by its legal form',
  token: 'COMPANY',
  find: {
    on: 'words',
    words: [
      ' inc.',
      ' inc\n',
      ' inc,',
      ' inc ',
      ' incorporated',
      ' llc',
      ' l.l.c',
      ' llp',
      ' ltd',
      ' limited',
      ' plc',
      ' corp',
      'gmbh',
      ' kgaa',
      ' s.a.',
      ' sarl',
      ' b.v',
      ' n.v.',
      ' s.p.a',
      ' s.r.l',
      ' srl',
      ' s.l.',
      ' lda',
      ' ltda',
      ' oyj',
      ' a/s',
      ' aps',
      ' z o.o',
      ' s.r.o',
      ' d.o.o',
      ' kft',
      ' zrt',
      ' pty',
      ' pvt',
      ' pte',
      ' k.k.',
      ' co. kg',
    ],
    at: { before: 70, after: 16 },
  },
  pattern: new RegExp(
    `(?<![\\w&.'\\x80-\\xff-])${part}(?:(?: & | and |, | )(?:of |the )?${part}){0,5}?,? ${oneOf(forms)}(?![A-Za-z0-9_])`,
  ),
  check: (value) =>
    !/^(?:The|This|An?) (?:Corporation|Limited)$|^(?:No|Not|Very|Time|Rate|Size|Is|Are|Use|Be) Limited$/.test(
      value,
    ),
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source: 'ISO 20275, entity legal forms',
};
