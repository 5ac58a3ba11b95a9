import { Expressions, write } from './expressions.ts';
import type { Compute } from './expressions.ts';
import { emptyFrame, Names, RETURNED } from './frames.ts';
import type { Frame } from './frames.ts';
import { parseGenerated } from './parse.ts';
import type { Made, Statement } from './syntax.ts';

/** How a statement ended: it ran to its end, the function returns, or the block with this label (an object) is left. */
type End = undefined | typeof RETURNS | Label;
type Run = (frame: Frame) => End;

const RETURNS = 'returns';

interface Label {
  readonly label: string;
}

/**
 * Makes closures from generated code instead of evaluating it, for hosts that forbid code generation. It is the same text that
 * the other back-end runs, so that there is one translation of the language and this one has only JavaScript to get right.
 * @returns what `new Function('R', 'K', source)(R, K)` returns
 */
export function runGenerated(source: string, R: unknown, K: readonly unknown[]): unknown {
  const names = new Names(null);
  const slots = [names.declare('R'), names.declare('K')] as const;
  const run = new Statements().block(parseGenerated(source), names, []);
  names.assertDeclared();
  const frame = emptyFrame(names.size);
  frame[slots[0]] = R;
  frame[slots[1]] = K;
  run(frame);
  return frame[RETURNED];
}

class Statements {
  private readonly expressions = new Expressions((made, around) => this.body(made, around));

  private body(made: Made, around: Names): { run: Run; size: number } {
    const names = new Names(around);
    for (const param of made.params) names.declare(param);
    const run = this.of(made.body, names, []);
    return { run, size: names.size };
  }

  block(all: readonly Statement[], names: Names, labels: readonly Label[]): Run {
    // Functions are there before the first statement runs.
    const isFunction = (one: Statement): boolean => one.s === 'function';
    const sorted = [...all.filter(isFunction), ...all.filter((one) => !isFunction(one))];
    return sequence(sorted.map((one) => this.of(one, names, labels)));
  }

  private of(s: Statement, names: Names, labels: readonly Label[]): Run {
    switch (s.s) {
      case 'declare':
        return sequence(
          s.all.map(({ name, value }) => {
            const compute: Compute = value === null ? () => undefined : this.expressions.of(value, names);
            return doing(write({ up: 0, slot: names.declare(name) }, compute));
          }),
        );
      case 'unpack': {
        const from = this.expressions.of(s.from, names) as (f: Frame) => Record<string, unknown>;
        const slots = s.names.map((name) => [names.declare(name), name] as const);
        return doing((f) => {
          for (const [slot, name] of slots) f[slot] = from(f)[name];
        });
      }
      case 'function': {
        const slot = names.declare(s.name);
        const make = this.expressions.function(s.made, names);
        return doing((f) => (f[slot] = make(f)));
      }
      case 'block': {
        const own: Label | null = s.label === null ? null : { label: s.label };
        const run = scoped(names, () => this.block(s.all, names, own === null ? labels : [...labels, own]));
        if (own === null) return run;
        return (f) => {
          const end = run(f);
          return end === own ? undefined : end;
        };
      }
      case 'if': {
        const test = this.expressions.of(s.test, names);
        const yes = this.of(s.yes, names, labels);
        if (s.no === null) return (f) => (test(f) ? yes(f) : undefined);
        const no = this.of(s.no, names, labels);
        return (f) => (test(f) ? yes(f) : no(f));
      }
      case 'for':
        return scoped(names, () => this.loop(s, names, labels));
      case 'each': {
        const of = this.expressions.of(s.of, names) as (f: Frame) => Iterable<unknown>;
        return scoped(names, () => {
          const slot = names.declare(s.name);
          const body = this.of(s.body, names, labels);
          return (f) => {
            for (const item of of(f)) {
              f[slot] = item;
              const end = body(f);
              if (end !== undefined) return end;
            }
            return undefined;
          };
        });
      }
      case 'switch': {
        const on = this.expressions.of(s.on, names);
        const cases = new Map(s.cases.map(([value, one]) => [value, this.of(one, names, labels)]));
        const otherwise = this.of(s.otherwise, names, labels);
        return (f) => (cases.get(on(f)) ?? otherwise)(f);
      }
      case 'break': {
        const end = labels.findLast(({ label }) => label === s.label);
        if (end === undefined) throw new Error(`not generated code: no label ${s.label}`);
        return () => end;
      }
      case 'return': {
        if (s.value === null) return () => RETURNS;
        const value = this.expressions.of(s.value, names);
        return (f) => {
          f[RETURNED] = value(f);
          return RETURNS;
        };
      }
      case 'do':
        return doing(this.expressions.of(s.expression, names));
      default:
        s satisfies never;
        throw new Error('unknown statement');
    }
  }

  private loop(s: Extract<Statement, { s: 'for' }>, names: Names, labels: readonly Label[]): Run {
    const start = this.of(s.start, names, labels);
    const test = this.expressions.of(s.test, names);
    const next = this.expressions.of(s.next, names);
    const body = this.of(s.body, names, labels);
    return (f) => {
      for (start(f); test(f); next(f)) {
        const end = body(f);
        if (end !== undefined) return end;
      }
      return undefined;
    };
  }
}

function scoped<T>(names: Names, make: () => T): T {
  names.open();
  const made = make();
  names.close();
  return made;
}

function doing(compute: Compute): Run {
  return (f) => {
    compute(f);
    return undefined;
  };
}

function sequence(all: readonly Run[]): Run {
  const [first, second] = all;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  if (all.length === 2) return (f) => first(f) ?? second(f);
  return (f) => {
    for (const run of all) {
      const end = run(f);
      if (end !== undefined) return end;
    }
    return undefined;
  };
}
