/** Detectors of every kind that the engine knows, for nothing that exists. */
import type { Detector } from '../../src/detector.ts';

function detector(id: string, more: Pick<Detector, 'find' | 'pattern'> & Partial<Detector>): Detector {
  return {
    id,
    class: `made.${id}`,
    name: `Made up (${id})`,
    token: 'MADE',
    confidence: { alone: 75, supported: 85 },
    source: 'made up',
    ...more,
  };
}

const sumOf = (value: string): number =>
  [...value.replace(/\D/g, '')].reduce((sum, one) => sum + Number(one), 0);

export const dummies: readonly Detector[] = [
  detector('prefix', {
    find: { on: 'words', words: ['zq_', 'zqlive_'], at: 'here' },
    pattern: /zq(?:live)?_[A-Za-z0-9]{8,20}/,
  }),
  detector('assigned', {
    find: { on: 'words', words: ['secret', 'secret_key', 'pass'], at: { before: 20, after: 40 } },
    pattern: /(?:secret|pass)[\w.-]{0,12}\s{0,2}[:=]\s{0,2}["']?(?<value>[\w+/-]{6,40})/i,
    check: (value) => /\d/.test(value),
    confidence: { alone: 65, supported: 75 },
    context: ['login', 'Zugang', 'gr\xc3\xb6\xc3\x9fe'],
  }),
  detector('block', {
    find: { on: 'words', words: ['-----begin'], at: 'here' },
    pattern: /-----BEGIN [A-Z ]{1,20}-----[A-Za-z0-9+/=\s]{10,8000}-----END [A-Z ]{1,20}-----/,
  }),
  detector('nine', {
    find: { on: 'digits', min: 9, max: 9 },
    pattern: /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)/,
    check: (value) => (sumOf(value) % 3 === 0 ? { alone: 65, supported: 85, why: 'sum' } : false),
    confidence: { alone: 0, supported: 85 },
    context: ['nin', 'tan', 'number of citizens', '\xd0\xb8\xd0\xbd\xd0\xbd'],
    against: ['parcel'],
  }),
  detector('long', {
    find: { on: 'digits', min: 12, max: 16 },
    pattern: /(?<![\d])\d(?:[ -]?\d){11,15}(?![\d])/,
    check: (value) => sumOf(value) % 2 === 0,
    confidence: { alone: 65, supported: 85 },
    context: ['card', 'visa'],
  }),
  detector('lettered', {
    find: { on: 'digits', min: 2, max: 20, before: 2, after: 20, ahead: 'letter' },
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){6,18}(?![A-Za-z0-9])/,
  }),
  detector('mail', {
    find: { on: 'at' },
    pattern: /[\w.+-]{1,40}@[\w-]{1,30}\.[a-z]{2,8}/,
    context: ['mail'],
  }),
];
