/** Examples of credentials, made when the tests run, so that no file holds a text that looks like one. */
import { charactersOf, type Shape } from '../src/detectors/tokens/template.ts';

/** A value of this form; where the form leaves the length open, the shortest and a little more. */
export function exampleOf(shape: Shape, random: () => number): string {
  return shape.parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const characters = charactersOf(part.set);
      const pick = (from: string): string => from[Math.floor(random() * from.length)] ?? '';
      const plain = characters.replaceAll(/[^A-Za-z0-9]/g, '') || characters;
      const length = Math.min(part.max, part.min + Math.floor(random() * 5));
      // The ends are letters or digits: a dash there is legal, and leaves no token that anyone would copy whole.
      return Array.from({ length }, (_, at) => pick(at % (length - 1 || 1) === 0 ? plain : characters)).join(
        '',
      );
    })
    .join('');
}
