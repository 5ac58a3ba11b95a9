/** Tokens that can be told by their own form: a prefix that the vendor chose so that scanners find it, or an unusual shape. */
import type { Checked, Detector } from '../../detector.ts';
import { entropy, isPlaceholder, looksLikeExample } from '../credential-value.ts';
import { wordShare } from '../context/value.ts';
import { once } from '../once.ts';
import { parseForms, rowsOf, type Shape } from './template.ts';

export type TokenShape = {
  readonly id: string;
  readonly name: string;
  readonly shapes: readonly Shape[];
  /** Other services use this form, too, or chance makes it: sure only near the service's name. */
  readonly isWeak: boolean;
};

/** A character of another word ahead, unless that is the end of an escape: `\n`, `%3D`, `\u0022`. */
export const wordStart = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]|%[0-9A-Fa-f]{2}|\\u00[0-9a-f]{2}))`;

/**
 * @param table rows of `id | name for people | form form …`, with a `?` before the first form where the form alone proves
 * little
 */
export function parseTokens(table: string): TokenShape[] {
  return rowsOf(table).map(([id = '', name = '', forms = '']) => ({
    id,
    name,
    shapes: parseForms(forms.replace(/^\? /, '')),
    isWeak: forms.startsWith('? '),
  }));
}

/** @param proof a checksum or the like: undefined where it cannot be told */
export function tokenDetector(token: TokenShape, proof?: (value: string) => Checked): Detector {
  const { id, name, shapes, isWeak } = token;
  const service = id.slice(0, id.indexOf('.'));
  const before = Math.max(...shapes.map((shape) => shape.anchor?.before ?? 0));
  const fixed = shapes.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])),
  );
  const words = [...new Set(shapes.map((shape) => anchorOf(shape, id)))];
  const pattern = once(() => {
    const forms = shapes.map(
      (shape) =>
        (/^\W/.test(shape.source) && !shape.source.startsWith('[') ? '' : wordStart) +
        shape.source +
        shape.behind,
    );
    return new RegExp(`(?<value>${forms.join('|')})`);
  });
  return {
    id,
    class: `credential.${service}`,
    name,
    token: `${service.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_TOKEN`,
    find: {
      on: 'words',
      words,
      at: before === 0 ? 'here' : { before, after: Math.max(...shapes.map((shape) => shape.maxLength)) },
    },
    get pattern() {
      return pattern();
    },
    check: (value) => {
      const random = fixed.reduce((rest, text) => rest.replace(text, ''), value).replace(/^\W+/, '');
      if (isPlaceholder(random) || isPadding(random) || isWords(random)) return false;
      const proven = proof?.(value) ?? true;
      if (proven === false) return false;
      if (looksLikeExample(random)) return { alone: 65, supported: 65, why: 'looks like an example' };
      if (entropy(random) < 2.8) return { alone: 65, supported: 65, why: 'is not very random' };
      return proven;
    },
    confidence: { alone: isWeak ? 65 : 85, supported: 85 },
    context: isWeak ? [service.replaceAll('_', ' '), service.replaceAll('_', '')] : [],
    get source() {
      return `The vendor's documentation: ${shapes.map((shape) => shape.description).join('; or ')}.`;
    },
  };
}

function anchorOf(shape: Shape, id: string): string {
  if (!shape.anchor) throw new TypeError(`${id}: a form needs a fixed text of 3 characters to be found by`);
  return shape.anchor.text;
}

/** A name made of words, where a machine would have drawn a digit. */
function isWords(value: string): boolean {
  return value.length >= 20 && /^[A-Za-z_-]+$/.test(value) && wordShare(value) > 0.42;
}

/** Encoded zeros, as pictures and fonts have many: one character is a third of the whole. */
function isPadding(value: string): boolean {
  if (value.length < 30) return false;
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return Math.max(...counts.values()) > value.length * 0.34;
}
