import { generate, instantiate } from './codegen/module.ts';
import type { Backend, Compiled } from './codegen/module.ts';
import type { ProgramInfo, Variant } from './codegen/emit.ts';
import type { Site } from './codegen/trace.ts';
import { RegoError, RegoErrors, stopOn } from './errors.ts';
import type { Host } from './host.ts';
import { Tracer } from './tracer.ts';
import type { Group, Node } from './tree.ts';

/** What can be asked for the document at one place. */
export interface Unit {
  readonly compiled: Compiled;
  /** The bodies that traced code reports on, and what it reported; both empty otherwise. */
  readonly sites: readonly Site[];
  readonly tracer: Tracer;
}

/** A policy with a rule of more terms than this may be more than the JavaScript engine takes, which is found out by trying. */
const MANY_TERMS = 400;

/**
 * The code of a program in one variant, made when a document is first asked for. Most programs are asked for one document,
 * which does not reach every rule: the first code holds what that document needs, the second holds everything.
 */
export class Code {
  private readonly info: ProgramInfo;
  private readonly host: Host;
  private readonly backend: Backend;
  private readonly variant: Variant;
  private readonly units: (Unit & { readonly reached: ReadonlySet<Group | Node> })[] = [];

  constructor(info: ProgramInfo, host: Host, backend: Backend, variant: Variant) {
    this.info = info;
    this.host = host;
    this.backend = backend;
    this.variant = variant;
  }

  /** Code that gives the document; throws RegoErrors when the JavaScript engine does not take it. */
  of(document: Group | Node): Unit {
    const known = this.units.find(({ reached }) => reached.has(document));
    return known ?? this.make(this.units.length === 0 ? [document] : undefined);
  }

  /** Code for everything is made where only trying tells whether the policy is accepted; throws RegoErrors. */
  tryDoubtful(): void {
    const { largest, mocks, tree } = this.info;
    const hasDefault = tree.groups.some(({ kind, defaultRule }) => kind === 'func' && defaultRule !== null);
    if (largest > MANY_TERMS || mocks.size > 0 || hasDefault) this.make();
  }

  /** What was reported so far, by each piece of code. */
  reports(): readonly Unit[] {
    return this.units;
  }

  private make(from?: readonly (Group | Node)[]): Unit {
    const { info, host, backend, variant } = this;
    return withinStack(info.tree.groups[0]?.entries[0]?.rule.at.file ?? '', () => {
      const generated = generate(info, variant, from);
      stopOn(info.errors);
      const { sites, reached } = generated;
      const tracer = new Tracer();
      const compiled = instantiate(generated, host, backend, tracer);
      const unit = { compiled, sites, tracer, reached };
      this.units.push(unit);
      return unit;
    });
  }
}

/** Bodies and terms nest in the generated code; what is too deep for the JavaScript engine is refused. */
export function withinStack<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const at = { file, row: 1, col: 1 };
    throw new RegoErrors([new RegoError('rego_unsupported', 'a rule is too long or nests too deeply', at)]);
  }
}
