/** The formatter: a module in the layout of `opa fmt`, with guarantees that the layout alone does not give. */
import type { Rule } from '../ast.ts';
import { RegoError, RegoErrors } from '../errors.ts';
import { Concrete } from '../parser/concrete.ts';
import { parseModule } from '../parser/module.ts';
import type { Dialect } from '../parser/module.ts';
import { writeModule } from './module.ts';
import type { Written } from './module.ts';
import { isPreserved } from './preserved.ts';
import { importsOf, styleOf } from './style.ts';

export interface FormatOptions {
  /** What the source is written in; v1 without it. */
  readonly dialect?: Dialect;
  /** `v1` turns a v0 module into one that both dialects accept: `import rego.v1`, `if`, `contains`, `:=`. */
  readonly to?: 'v1';
}

/** A module that has not settled after so many layouts stays as it was written. */
const ROUNDS = 6;
/** Beyond this, finding the one rule that resists costs more than it is worth. */
const SEARCHED_RULES = 300;

/**
 * The source in the layout of `opa fmt`. Formatting the result again changes nothing, the rules mean what they meant, and
 * every comment is still there: what the layout cannot promise this for is left as it was written.
 *
 * @param file names the source in errors
 * @throws RegoErrors when the source does not parse, or cannot be turned into v1
 */
export function format(file: string, source: string, options: FormatOptions = {}): string {
  const { dialect = 'v1', to } = options;
  const upgrades = dialect === 'v0' && to === 'v1';
  const settled = settle(file, upgrades ? upgrade(file, source) : source, dialect);
  return settled ?? source;
}

/** Lays out again what was laid out until nothing changes; null when that does not happen. */
function settle(file: string, source: string, dialect: Dialect): string | null {
  let text = source;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = layOut(read(file, text, dialect), dialect);
    if (next === text) return text;
    text = next;
  }
  return null;
}

function read(file: string, source: string, dialect: Dialect): Written {
  const concrete = new Concrete();
  try {
    return { source, module: parseModule(file, source, dialect, concrete), concrete };
  } catch (error) {
    if (error instanceof RegoError) throw new RegoErrors([error]);
    throw error;
  }
}

function upgrade(file: string, source: string): string {
  const written = read(file, source, 'v0');
  const text = writeModule(written, styleOf(written, 'v0', true), importsOf(written, true), new Set());
  const now = read(file, text, 'v0');
  if (isPreserved(written.module, text, 'v0')) return text;
  const { module } = written;
  const at = module.rules.find((_, i) => now.module.rules[i] === undefined)?.at ?? module.at;
  throw new RegoErrors([
    new RegoError(
      'rego_compile_error',
      'the module cannot be turned into v1 without losing something',
      at,
      'a comment stands where no line ends in the new layout; move it above its rule',
    ),
  ]);
}

/** Lays the module out; rules that would lose something are left as they are, and if that does not help, so is all. */
function layOut(written: Written, dialect: Dialect): string {
  const { source, module } = written;
  const style = styleOf(written, dialect, false);
  const imports = importsOf(written, false);
  const lay = (kept: ReadonlySet<Rule>): string | null => {
    const text = writeModule(written, style, imports, kept);
    return isPreserved(module, text, dialect) ? text : null;
  };
  const whole = lay(new Set());
  if (whole !== null) return whole;
  const all = new Set(module.rules);
  if (module.rules.length > SEARCHED_RULES) return lay(all) ?? source;
  const kept = new Set<Rule>();
  for (const rule of module.rules) {
    if (kept.has(rule)) continue;
    // The bodies of one v0 rule stand or fall together.
    const one = module.rules.filter(({ head }) => head === rule.head);
    if (lay(new Set(module.rules.filter((other) => !one.includes(other)))) === null)
      for (const other of one) kept.add(other);
  }
  return lay(kept) ?? lay(all) ?? source;
}
