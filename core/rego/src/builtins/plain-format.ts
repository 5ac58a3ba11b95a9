import type { Value } from '../values.ts';
import { remember } from './remember.ts';
import { sprintf } from './sprintf.ts';

/** The texts around the verbs of a format that has no verbs but plain `%s`, `%d` and `%v`; null for other formats. */
interface PlainFormat {
  readonly texts: readonly string[];
  readonly verbs: readonly string[];
}

function parsePlain(format: string): PlainFormat | null {
  const parts = format.split(/%([sdv])/);
  const texts = parts.filter((_, i) => i % 2 === 0);
  return texts.some((text) => text.includes('%'))
    ? null
    : { texts, verbs: parts.filter((_, i) => i % 2 === 1) };
}

/** Undefined when an argument is not what its verb is made for. */
function formatPlain({ texts, verbs }: PlainFormat, args: readonly Value[]): string | undefined {
  if (args.length !== verbs.length) return undefined;
  let out = texts[0] ?? '';
  for (let i = 0; i < verbs.length; i += 1) {
    const arg = args[i];
    if (typeof arg === 'string' && verbs[i] !== 'd') out += arg;
    else if (typeof arg === 'number' && Number.isSafeInteger(arg) && verbs[i] !== 's') out += arg.toString();
    else return undefined;
    out += texts[i + 1] ?? '';
  }
  return out;
}

/** `sprintf` that remembers formats: most are constants of the policy, and plain. */
export function createSprintf(): typeof sprintf {
  const plain = remember(parsePlain);
  return (format, args) => {
    const known = plain(format);
    return (known === null ? undefined : formatPlain(known, args)) ?? sprintf(format, args);
  };
}
