import { literal } from './emit.ts';
import type { Emitter, Env } from './emit.ts';
import { argumentId } from './conditions.ts';
import { planGroup } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Entry, Group } from '../tree.ts';

/**
 * The parts of a group's function. `value`: the rules compare and keep their value in `o`. `members`: they add to the collection
 * in `o`. `nothing`: the first rule that returns a value ends the function.
 */
interface Parts {
  readonly head: string;
  readonly gathers: 'value' | 'members' | 'nothing';
  readonly before: () => void;
  readonly rule: (entry: Entry) => void;
  readonly after: () => void;
}

/**
 * Emits the function of a group. Few rules stand in it one after the other; many get a function each, of which those are called
 * that the index selects.
 */
export function emitDispatch(e: Emitter, group: Group, params: readonly string[], parts: Parts): void {
  const plan = planGroup(group);
  if (plan === null) {
    e.block(parts.head, () => {
      parts.before();
      for (const entry of group.entries) parts.rule(entry);
      parts.after();
    });
    return;
  }
  const given = parts.gathers === 'nothing' ? params : ['o', ...params];
  const names = group.entries.map((entry, i) => {
    const name = `c${group.id}_${i}`;
    e.block(`function ${name}(${given.join(', ')})`, () => {
      parts.rule(entry);
      if (parts.gathers === 'value') e.line('return o;');
    });
    return name;
  });
  const rules = `l${group.id}`;
  e.line(`const ${rules} = [${names.join(', ')}];`);
  const read = emitReadings(e, group, params, plan);
  e.block(parts.head, () => {
    parts.before();
    const selected = e.bind(`select(${[e.constant(plan.selection), read, ...params].join(', ')})`);
    const call = `${rules}[${selected}[i]](${given.join(', ')})`;
    e.block(`for (let i = 0; i < ${selected}.length; i++)`, () => {
      if (parts.gathers === 'value') e.line(`o = ${call};`);
      else if (parts.gathers === 'members') e.line(`${call};`);
      else e.line(`const v = ${call}; if (v !== undefined) return v;`);
    });
    parts.after();
  });
}

/** Emits the function that reads by number what the index asks for. */
function emitReadings(e: Emitter, group: Group, params: readonly string[], { readings }: Plan): string {
  const name = `y${group.id}`;
  e.block(`function ${name}(${['n', ...params].join(', ')})`, () => {
    const env: Env = new Map(params.map((param, i) => [argumentId(i), param]));
    readings.forEach((term, i) => {
      e.block(`if (n === ${literal(i)})`, () =>
        e.gen.term(e, term, env, (atom) => e.line(`return ${atom};`)),
      );
    });
  });
  return name;
}
