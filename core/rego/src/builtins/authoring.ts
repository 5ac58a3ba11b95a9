import { display } from '../json.ts';
import { isArray, RegoSet } from '../values.ts';
import type { Value } from '../values.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** Lines that one `print` makes at most: an argument with several values prints one line for each combination. */
const MAX_LINES = 1_000;

/** The lines of one `print`: each argument is the set of its values, which is empty when it is undefined. */
function lines(args: readonly Value[]): string[] {
  let made = [''];
  args.forEach((arg, i) => {
    const values = arg instanceof RegoSet ? arg.sorted().map((value) => display(value)) : [];
    const shown = values.length === 0 ? ['<undefined>'] : values;
    const gap = i === 0 ? '' : ' ';
    made = made.flatMap((line) => shown.map((text) => line + gap + text)).slice(0, MAX_LINES);
  });
  return made;
}

function only(v: Value | undefined): string | number {
  const [value] = v instanceof RegoSet ? v.sorted() : [];
  return typeof value === 'string' || typeof value === 'number' ? value : '';
}

/** What only authors at their desk use. `compile` leaves the calls out where the host does not ask for them. */
export function authoringBuiltins({ host, charge }: BuiltinContext): BuiltinTable {
  /** The first two sets hold the file and the row of the call. */
  const print = (all: Value | undefined): true => {
    const [file, row, ...args] = isArray(all) ? all : [];
    const place = { file: String(only(file)), row: Number(only(row)) };
    for (const line of lines(args)) {
      charge(1);
      host.print?.(line, place);
    }
    return true;
  };
  const testCase = (names: Value | undefined): true => {
    if (isArray(names)) host.testCase?.(names);
    return true;
  };
  return {
    print: { arity: -1, fn: () => true, abstract: () => true },
    'internal.print': { arity: 1, fn: print, abstract: () => true },
    'internal.test_case': { arity: 1, fn: testCase, abstract: () => true },
  };
}
