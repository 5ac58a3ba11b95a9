/** Identifiers that only their form shows, by country: what a field may hold, not what a document is searched for. */
import { compactForm } from './compact-form.ts';

export type Form = {
  /** `passport.de`, `plate.de-de`, `postcode.de`, `vat.de`. */
  readonly id: string;
  readonly class: string;
  readonly matches: (value: string) => boolean;
};

/** Lines of a country and a form; `#` is a digit, `@` a letter. `keep`: separators count. */
export function formsFrom(family: string, klass: string, table: string, keep: boolean, flags = ''): Form[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [country = ''] = line.split(' ', 1);
      const source = line
        .slice(country.length + 1)
        .replaceAll('#', '[0-9]')
        .replaceAll('@', '[A-Z]');
      const pattern = new RegExp(`^(?:${source})$`, flags);
      return {
        id: `${family}.${country.toLowerCase()}`,
        class: klass,
        matches: (value: string): boolean => pattern.test(keep ? value : compactForm(value)),
      };
    });
}
