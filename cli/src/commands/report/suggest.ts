/**
 * Narrow rules for what no rule covers. Nothing is learned: each is text for a person to read, with what it matches in
 * the journal, and never reaches further than the folder that was really used.
 */
import { ruleAlone } from '@chaperone/endpoint/question';
import type { DecisionInput } from '@chaperone/protocol';
import type { Gap } from './gaps.ts';
import { guardedName, type Never } from './never.ts';

export type Suggestion = {
  readonly title: string;
  /** Rego of the package that the policy answers from. */
  readonly rego: string;
  readonly package: string;
  /** Acts that were denied and that this would have allowed, when it was found. */
  readonly acts: number;
  readonly gap: Gap;
  readonly preview: Preview;
};

/** What the rule matches among all recorded acts. */
export type Preview = {
  acts: number;
  /** Of those: what was allowed already, what fell to the default, what a rule denies. */
  allowed: number;
  fell: number;
  deniedByRule: number;
  readonly objects: Set<string>;
  more: boolean;
  /** Some of the acts that it would have allowed. */
  readonly samples: DecisionInput[];
  /** Asked with this rule, the policy on disk allows these acts; undefined when there is no policy to ask. */
  tried: boolean | undefined;
};

export type Candidate = Suggestion & {
  readonly matches: (input: DecisionInput) => boolean;
  /** A narrower one for the same gap, for when this one meets what other rules decide. */
  readonly instead: Candidate | undefined;
};

/** From so many different files on, the folder is named instead of each. */
const folderFrom = 3;
const maxNamed = 10;

/** @returns undefined where no narrow rule can be written */
export function suggestFor(
  gap: Gap,
  number: number,
  entrypoint: string,
  never: Never,
): Candidate | undefined {
  const conditions = conditionsOf(gap, never);
  if (!conditions) return undefined;
  const single = gap.kind === 'files' ? exactly(gap, nameOf(gap), basicLines(gap)) : undefined;
  const narrower = single === undefined || single.title === conditions.title ? undefined : single;
  const instead = narrower && candidateFrom(narrower, gap, number, entrypoint, undefined);
  return candidateFrom(conditions, gap, number, entrypoint, instead);
}

function candidateFrom(
  conditions: Conditions,
  gap: Gap,
  number: number,
  entrypoint: string,
  instead: Candidate | undefined,
): Candidate {
  const parts = entrypoint.split('/');
  const name = parts.at(-1) ?? '';
  const id = `suggested-${number}`;
  const head =
    entrypoint === 'chaperone/access/decision'
      ? `${name} := {"allow": true, "rules": [${JSON.stringify(id)}]} if {`
      : `${name} if {`;
  const rego = [head, ...conditions.lines.map((line) => `\t${line}`), '}'].join('\n');
  const preview = {
    acts: 0,
    allowed: 0,
    fell: 0,
    deniedByRule: 0,
    objects: new Set<string>(),
    more: false,
    samples: [],
    tried: undefined,
  };
  return {
    title: conditions.title,
    rego,
    package: parts.slice(0, -1).join('.'),
    acts: gap.acts,
    gap,
    preview,
    matches: ruleAlone(rego, entrypoint),
    instead,
  };
}

type Conditions = { readonly title: string; readonly lines: readonly string[] };

function nameOf({ action, operation }: Gap): string {
  return operation === undefined ? action : `${action} (${operation})`;
}

function basicLines({ action, operation, kind }: Gap): string[] {
  const lines = [`input.action == ${JSON.stringify(action)}`];
  if (kind === 'name') return lines;
  return [
    ...lines,
    operation === undefined ? 'not input.operation' : `input.operation == ${JSON.stringify(operation)}`,
  ];
}

function conditionsOf(gap: Gap, never: Never): Conditions | undefined {
  const { action } = gap;
  const text = (one: string): string => JSON.stringify(one);
  const lines = basicLines(gap);
  const what = nameOf(gap);
  switch (gap.kind) {
    case 'files': {
      const folder = gap.folder ?? '';
      const count = gap.paths.size;
      if (count < folderFrom || never.isNear(action, folder)) return exactly(gap, what, lines);
      return {
        title: `${what} in ${folder} (${gap.more ? 'more than ' : ''}${count} files, no subfolder)`,
        lines: [...lines, ...childOf('path', folder), ...guard('path')],
      };
    }
    case 'rename': {
      const [from = '', to = ''] = [gap.folder, gap.targetFolder];
      if (never.isNear(action, from) || never.isNear(action, to)) return undefined;
      return {
        title: from === to ? `${what} within ${from}` : `${what} from ${from} to ${to}`,
        lines: [
          ...lines,
          ...childOf('path', from),
          ...childOf('target', to),
          ...guard('path'),
          ...guard('target'),
        ],
      };
    }
    case 'program':
    case 'socket':
      return exactly(gap, what, lines);
    case 'destination': {
      const { host, ip, port, protocol } = gap.destination ?? {};
      const where = host ?? ip ?? '';
      const fields = { host, ip: host === undefined ? ip : undefined, port, protocol };
      const checks = Object.entries(fields).flatMap(([field, value]) =>
        value === undefined ? [] : [`input.destination.${field} == ${JSON.stringify(value)}`],
      );
      return {
        title: `${what} to ${where}${port === undefined ? '' : `:${port}`}`,
        lines: [...lines, ...checks],
      };
    }
    case 'name': {
      const host = gap.destination?.host ?? '';
      const types = [...gap.types].toSorted().map(text).join(', ');
      return {
        title: `${what} ${host}`,
        lines: [
          ...lines,
          `input.destination.host == ${text(host)}`,
          ...(types === '' ? [] : [`input.operation in {${types}}`]),
        ],
      };
    }
    default:
      return gap.kind satisfies never;
  }
}

function exactly({ paths, more }: Gap, what: string, lines: readonly string[]): Conditions | undefined {
  if (more || paths.size > maxNamed) return undefined;
  const names = [...paths].toSorted();
  const title = names.length === 1 ? `${what} ${names[0]}` : `${what} of ${names.length} single files`;
  return {
    title,
    lines: [...lines, `input.path in {${names.map((one) => JSON.stringify(one)).join(', ')}}`],
  };
}

function childOf(field: 'path' | 'target', folder: string): string[] {
  const prefix = `${folder}/`;
  return [
    `startswith(input.${field}, ${JSON.stringify(prefix)})`,
    `not contains(trim_prefix(input.${field}, ${JSON.stringify(prefix)}), "/")`,
  ];
}

/** A key or a password file that comes into the folder later is not opened by the rule. */
function guard(field: 'path' | 'target'): string[] {
  return [`not regex.match(${JSON.stringify(guardedName)}, input.${field})`];
}
