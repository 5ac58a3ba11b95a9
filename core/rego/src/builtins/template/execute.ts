import type { Command, Node, Operand, Pipeline, Template } from './ast.ts';
import { ARITIES, CallError, FUNCTIONS } from './functions.ts';
import { lineOf, TemplateError } from './lexer.ts';
import { goType, isList, isTrue, JsonNumber, show } from './values.ts';
import type { Item } from './values.ts';

/** Ends the iteration of a `range`, or all of them. */
class Leave extends Error {
  readonly how: 'break' | 'continue';

  constructor(how: 'break' | 'continue') {
    super(how);
    this.how = how;
  }
}

const MAX_DEPTH = 1000;
const SHOWN = 20;

/** Executes a template; throws TemplateError. Output and steps are paid for. */
export function execute(template: Template, data: Item, charge: (steps: number) => void): string {
  const run = new Execution(template, charge, data, 'template', 0);
  run.nodes(template.main, data);
  return run.output.join('');
}

class Execution {
  readonly output: string[] = [];
  private readonly variables: { name: string; value: Item }[];

  private readonly template: Template;
  private readonly charge: (steps: number) => void;
  private readonly name: string;
  private readonly depth: number;

  constructor(template: Template, charge: (steps: number) => void, data: Item, name: string, depth: number) {
    this.template = template;
    this.charge = charge;
    this.name = name;
    this.depth = depth;
    this.variables = [{ name: '$', value: data }];
  }

  private error(where: { at: number; text: string }, message: string): TemplateError {
    const { source } = this.template;
    const column = where.at - (source.lastIndexOf('\n', where.at - 1) + 1);
    const text = where.text.length > SHOWN ? `${where.text.slice(0, SHOWN)}...` : where.text;
    return new TemplateError(
      `template: template:${lineOf(source, where.at)}:${column}: executing ${JSON.stringify(this.name)} at <${text}>: ${message}`,
    );
  }

  private write(text: string): void {
    this.charge(1 + (text.length >> 4));
    this.output.push(text);
  }

  nodes(list: readonly Node[], dot: Item): void {
    for (const node of list) this.node(node, dot);
  }

  private node(node: Node, dot: Item): void {
    this.charge(1);
    switch (node.n) {
      case 'text':
        this.write(node.text);
        return;
      case 'show': {
        const value = this.pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0)
          this.write(value === undefined || value === null ? '<no value>' : show(value));
        return;
      }
      case 'if':
      case 'with':
        this.scoped(() => {
          const value = this.pipeline(node.pipeline, dot);
          if (isTrue(value)) this.nodes(node.body, node.n === 'with' ? value : dot);
          else this.nodes(node.otherwise, dot);
        });
        return;
      case 'range':
        this.scoped(() => {
          this.range(node, dot);
        });
        return;
      case 'template':
        this.call(node, dot);
        return;
      case 'break':
      case 'continue':
        throw new Leave(node.n);
      default:
        node satisfies never;
    }
  }

  private scoped(run: () => void): void {
    const size = this.variables.length;
    try {
      run();
    } finally {
      this.variables.length = size;
    }
  }

  private range(node: Extract<Node, { n: 'if' | 'with' | 'range' }>, dot: Item): void {
    const { variables, declares, commands } = node.pipeline;
    const value = this.pipeline({ ...node.pipeline, variables: [] }, dot);
    const entries = this.entries(value, commands);
    let any = false;
    for (const [key, item] of entries) {
      any = true;
      const stop = this.iteration(() => {
        const values = variables.length === 2 ? [key, item] : [item];
        variables.forEach((name, i) => {
          this.set(name, values[i], declares);
        });
        this.nodes(node.body, item);
      });
      if (stop) break;
    }
    if (!any) this.nodes(node.otherwise, dot);
  }

  private iteration(run: () => void): boolean {
    try {
      this.scoped(run);
      return false;
    } catch (error) {
      if (error instanceof Leave) return error.how === 'break';
      throw error;
    }
  }

  private *entries(value: Item, commands: readonly Command[]): Generator<readonly [Item, Item]> {
    if (value === undefined || value === null) return;
    if (isList(value)) {
      for (const [i, item] of value.entries()) yield [BigInt(i), item];
    } else if (value instanceof Map) yield* value as ReadonlyMap<string, Item>;
    else if (typeof value === 'bigint') {
      for (let i = 0n; i < value; i += 1n) {
        this.charge(1);
        yield [i, i];
      }
    } else
      throw this.error(commands.at(-1) ?? { at: 0, text: '' }, `range can't iterate over ${show(value)}`);
  }

  private call(node: Extract<Node, { n: 'template' }>, dot: Item): void {
    const body = this.template.defined.get(node.name);
    if (body === undefined)
      throw this.error(
        { at: node.at + 11, text: `{{template ${JSON.stringify(node.name)}}}` },
        `template ${JSON.stringify(node.name)} not defined`,
      );
    if (this.depth >= MAX_DEPTH)
      throw new TemplateError(`template: template: exceeded maximum template depth (${MAX_DEPTH})`);
    const data = node.pipeline === null ? undefined : this.pipeline(node.pipeline, dot);
    const inner = new Execution(this.template, this.charge, data, node.name, this.depth + 1);
    inner.nodes(body, data);
    for (const text of inner.output) this.output.push(text);
  }

  private set(name: string, value: Item, declares: boolean): void {
    const known = declares ? undefined : this.variables.findLast((variable) => variable.name === name);
    if (known === undefined) this.variables.push({ name, value });
    else known.value = value;
  }

  private pipeline({ variables, declares, commands }: Pipeline, dot: Item): Item {
    let value: Item;
    commands.forEach((command, i) => {
      value = this.command(command, dot, i === 0 ? [] : [value]);
    });
    for (const name of variables) this.set(name, value, declares);
    return value;
  }

  private command(command: Command, dot: Item, piped: readonly Item[]): Item {
    const [first, ...rest] = command.operands;
    if (first === undefined) return undefined;
    if (first.o === 'function') return this.function(first.name, command, rest, dot, piped);
    if (rest.length > 0 || piped.length > 0) {
      if (first.o === 'fields')
        throw this.error(first, `${first.names.at(-1) ?? ''} is not a method but has arguments`);
      throw this.error(first, `can't give argument to non-function ${first.text}`);
    }
    if (first.o === 'nil') throw this.error(first, 'nil is not a command');
    return this.operand(first, dot);
  }

  private operand(operand: Operand, dot: Item): Item {
    switch (operand.o) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'constant':
        return operand.value;
      case 'variable':
        return this.variables.findLast(({ name }) => name === operand.name)?.value;
      case 'pipeline':
        return this.pipeline(operand.pipeline, dot);
      case 'function':
        return this.function(operand.name, operand, [], dot, []);
      case 'fields':
        return this.fields(operand, dot);
      default:
        return operand satisfies never;
    }
  }

  private fields(operand: Extract<Operand, { o: 'fields' }>, dot: Item): Item {
    let value = this.operand(operand.of, dot);
    for (const name of operand.names) {
      if (value === undefined) return undefined;
      if (value === null) throw this.error(operand, `nil pointer evaluating interface {}.${name}`);
      if (!(value instanceof Map))
        throw this.error(operand, `can't evaluate field ${name} in type interface {}`);
      value = (value as ReadonlyMap<string, Item>).get(name);
    }
    return value;
  }

  private function(
    name: string,
    where: { at: number; text: string },
    operands: readonly Operand[],
    dot: Item,
    piped: readonly Item[],
  ): Item {
    const count = operands.length + piped.length;
    const [least, most] = ARITIES[name] ?? [0, Infinity];
    if (count < least || count > most) {
      const wanted = least === most ? String(least) : `at least ${least}`;
      throw this.error(where, `wrong number of args for ${name}: want ${wanted} got ${count}`);
    }
    if (name === 'and' || name === 'or') return this.shortcut(name, operands, dot, piped);
    const args = [...operands.map((operand) => this.operand(operand, dot)), ...piped];
    this.charge(args.length + sizeOf(args));
    try {
      if (name === 'call')
        throw new CallError(`non-function ${operands[0]?.text ?? ''} of type ${goType(args[0])}`);
      return FUNCTIONS.get(name)?.(...args);
    } catch (error) {
      if (error instanceof CallError) throw this.error(where, `error calling ${name}: ${error.message}`);
      throw error;
    }
  }

  private shortcut(
    name: 'and' | 'or',
    operands: readonly Operand[],
    dot: Item,
    piped: readonly Item[],
  ): Item {
    let value: Item;
    for (const operand of operands) {
      value = this.operand(operand, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }
}

function sizeOf(args: readonly Item[]): number {
  let size = 0;
  for (const arg of args) {
    if (typeof arg === 'string') size += arg.length >> 4;
    else if (isList(arg)) size += arg.length;
    else if (arg instanceof JsonNumber) size += 1;
  }
  return size;
}
