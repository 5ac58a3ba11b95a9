/** YAML as a JSON value, as built-ins of policies read it. The package is loaded when the first YAML comes. */
import { readYaml, type Value, YamlError } from '@chaperone/rego';

export type YamlParsed =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** Values that one document may expand to through its aliases. */
const maxValues = 10_000_000;

/** @returns the first document; an empty text is null */
export async function parseYaml(text: string): Promise<YamlParsed> {
  if (text.length > maxCharacters)
    return {
      ok: false,
      message: `yaml: the text has ${text.length} characters; at most ${maxCharacters} are read, send JSON instead`,
    };
  const library = await import('yaml');
  let left = maxValues;
  const charge = (values: number): void => {
    left -= values;
    if (left < 0) throw new YamlError(`yaml: document expands to more than ${maxValues} values`);
  };
  try {
    return { ok: true, value: readYaml(library, text, charge) };
  } catch (error) {
    if (error instanceof YamlError) return { ok: false, message: error.message };
    if (error instanceof RangeError) return { ok: false, message: 'yaml: document nests too deeply' };
    return { ok: false, message: 'yaml: not readable' };
  }
}

/** Reading takes microseconds for each, during which nobody else is answered. */
const maxCharacters = 512 * 1024;
