import { AROUND, emptyFrame, FIRST, RETURNED } from './frames.ts';
import type { Frame, Names, Place } from './frames.ts';
import type { Argument, Expression, Made } from './syntax.ts';

export type Compute = (frame: Frame) => unknown;
export type Callable = (...args: unknown[]) => unknown;

/** Makes the closure of a function's body; gives the slots that its frame needs. */
export type MakeBody = (made: Made, around: Names) => { run: (frame: Frame) => unknown; size: number };

/** Makes closures for expressions; `body` makes those for the statements inside functions. */
export class Expressions {
  private readonly body: MakeBody;

  constructor(body: MakeBody) {
    this.body = body;
  }

  of(e: Expression, names: Names): Compute {
    switch (e.t) {
      case 'value': {
        const { value } = e;
        return () => value;
      }
      case 'name':
        return read(names.find(e.name));
      case 'member':
        return this.member(e, names);
      case 'call':
        return this.call(e, names);
      case 'binary':
        return binary(e.op, this.of(e.left, names), this.of(e.right, names));
      case 'unary':
        return unary(e.op, this.of(e.of, names));
      case 'choice': {
        const [test, yes, no] = [this.of(e.test, names), this.of(e.yes, names), this.of(e.no, names)];
        return (f) => (test(f) ? yes(f) : no(f));
      }
      case 'assign': {
        const value = this.of(e.value, names);
        return this.change(e.target, names, (f) => value(f));
      }
      case 'step': {
        const { by, isPrefix } = e;
        const old = this.of(e.target, names) as (f: Frame) => number;
        const change = this.change(e.target, names, (f) => old(f) + by);
        return isPrefix ? change : (f) => (change(f) as number) - by;
      }
      case 'array': {
        const items = e.items.map((item) => this.of(item, names));
        return (f) => items.map((item) => item(f));
      }
      case 'object':
        return this.object(e, names);
      case 'arrow': {
        const { made } = e;
        // What an arrow function of generated code captures is not assigned afterwards, except in the program's own frame.
        const make = this.function(made, names);
        return names.around === null ? make : (f) => make([...f]);
      }
      default:
        e satisfies never;
        throw new Error('unknown expression');
    }
  }

  /** A function value over the frame that surrounds it. */
  function(made: Made, names: Names): (around: Frame) => Callable {
    const { run, size } = this.body(made, names);
    const empty = emptyFrame(size);
    const begin = (around: Frame): Frame => {
      const frame = empty.slice();
      frame[AROUND] = around;
      return frame;
    };
    const end = (frame: Frame): unknown => {
      run(frame);
      return frame[RETURNED];
    };
    if (made.params.length === 0) return (around) => () => end(begin(around));
    return (around) =>
      (...args) => {
        const frame = begin(around);
        if (made.takesRest) frame[FIRST] = args;
        else for (let i = 0; i < made.params.length; i += 1) frame[FIRST + i] = args[i];
        return end(frame);
      };
  }

  private member(e: Extract<Expression, { t: 'member' }>, names: Names): Compute {
    const of = this.of(e.of, names) as (f: Frame) => Record<string, unknown>;
    if (e.key.t === 'value') {
      const key = e.key.value as string;
      return (f) => of(f)[key];
    }
    const key = this.of(e.key, names) as (f: Frame) => string;
    return (f) => of(f)[key(f)];
  }

  private call(e: Extract<Expression, { t: 'call' }>, names: Names): Compute {
    const args = this.args(e.args, names);
    if (e.isNew) {
      const made = this.of(e.fn, names) as (f: Frame) => new (...given: unknown[]) => unknown;
      return (f) => new (made(f))(...args(f));
    }
    if (e.fn.t === 'member') {
      const of = this.of(e.fn.of, names) as (f: Frame) => Record<string, Callable>;
      const key = this.of(e.fn.key, names) as (f: Frame) => string;
      return (f) => {
        const on = of(f);
        return (on[key(f)] as Callable).apply(on, args(f));
      };
    }
    const fn = this.of(e.fn, names) as (f: Frame) => Callable;
    const [a, b] = e.args.map(({ value }) => this.of(value, names));
    if (e.args.some(({ isSpread }) => isSpread) || e.args.length > 2) return (f) => fn(f)(...args(f));
    if (a === undefined) return (f) => fn(f)();
    return b === undefined ? (f) => fn(f)(a(f)) : (f) => fn(f)(a(f), b(f));
  }

  private args(args: readonly Argument[], names: Names): (f: Frame) => unknown[] {
    const each = args.map(({ value }) => this.of(value, names));
    if (!args.some(({ isSpread }) => isSpread)) return (f) => each.map((arg) => arg(f));
    return (f) => each.flatMap((arg, i) => (args[i]?.isSpread === true ? (arg(f) as unknown[]) : [arg(f)]));
  }

  private object(e: Extract<Expression, { t: 'object' }>, names: Names): Compute {
    const fields = e.fields.map(([key, value]) => [key, this.of(value, names)] as const);
    return (f) => Object.fromEntries(fields.map(([key, value]) => [key, value(f)]));
  }

  /** Puts what `value` gives into a variable or a property, and gives it back. */
  private change(target: Expression, names: Names, value: Compute): Compute {
    if (target.t === 'name') return write(names.find(target.name), value);
    if (target.t !== 'member')
      throw new Error('not generated code: an assignment to neither name nor member');
    const of = this.of(target.of, names) as (f: Frame) => Record<string, unknown>;
    const key = this.of(target.key, names) as (f: Frame) => string;
    return (f) => (of(f)[key(f)] = value(f));
  }
}

function read({ up, slot }: Place): Compute {
  if (up === 0) return (f) => f[slot];
  if (up === 1) return (f) => (f[AROUND] as Frame)[slot];
  return (f) => outer(f, up)[slot];
}

/** A closure that stores in a variable what `value` gives. */
export function write({ up, slot }: Place, value: Compute): Compute {
  if (up === 0) return (f) => (f[slot] = value(f));
  return (f) => (outer(f, up)[slot] = value(f));
}

function outer(frame: Frame, up: number): Frame {
  let found = frame;
  for (let i = 0; i < up; i += 1) found = found[AROUND] as Frame;
  return found;
}

function unary(op: string, of: Compute): Compute {
  if (op === '!') return (f) => !of(f);
  if (op === 'typeof') return (f) => typeof of(f);
  return (f) => -(of(f) as number);
}

function binary(op: string, a: Compute, b: Compute): Compute {
  const [x, y] = [a, b] as [(f: Frame) => number, (f: Frame) => number];
  switch (op) {
    case '===':
      return (f) => a(f) === b(f);
    case '!==':
      return (f) => a(f) !== b(f);
    case '&&':
      return (f) => a(f) && b(f);
    case '||':
      return (f) => a(f) || b(f);
    case '??':
      return (f) => a(f) ?? b(f);
    case '<':
      return (f) => x(f) < y(f);
    case '>':
      return (f) => x(f) > y(f);
    case '<=':
      return (f) => x(f) <= y(f);
    case '>=':
      return (f) => x(f) >= y(f);
    case '+':
      return (f) => x(f) + y(f);
    default:
      return (f) => x(f) - y(f);
  }
}
