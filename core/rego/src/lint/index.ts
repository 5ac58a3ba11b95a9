/** The linter: what a policy's author probably did not mean, found before an agent finds it. */
import { RegoError, RegoErrors } from '../errors.ts';
import { Concrete } from '../parser/concrete.ts';
import { parseModule } from '../parser/module.ts';
import type { Dialect } from '../parser/module.ts';
import { DECISION_CONTRACT } from './contract.ts';
import { isIgnored } from './ignore.ts';
import { constantCondition, denyWithoutInput, missingDefault, unconditionalAllow } from './rules/access.ts';
import { changingBuiltin, deprecatedBuiltin, networkInDecision } from './rules/builtins.ts';
import { impossibleComparison, unknownField } from './rules/fields.ts';
import { hostSuffix, pathPrefix, unanchoredRegex, unequalInLoop, useIn } from './rules/matching.ts';
import { negatedUnknown } from './rules/negation.ts';
import {
  repeatsPackage,
  shadowedBuiltin,
  unusedFunction,
  unusedImport,
  unusedVariable,
} from './rules/names.ts';
import { deepNesting, lineLength, missingTest, todoComment, useAssignment } from './rules/style.ts';
import type { Contract, Finding, LintModule, LintRule } from './types.ts';

export { DECISION_CONTRACT } from './contract.ts';
export type { Contract, Finding, LintRule, Severity } from './types.ts';

/** Every rule; security mistakes first. */
export const lintRules: readonly LintRule[] = [
  missingDefault,
  unconditionalAllow,
  pathPrefix,
  hostSuffix,
  unequalInLoop,
  negatedUnknown,
  unknownField,
  impossibleComparison,
  networkInDecision,
  constantCondition,
  denyWithoutInput,
  unanchoredRegex,
  unusedFunction,
  unusedImport,
  unusedVariable,
  shadowedBuiltin,
  deprecatedBuiltin,
  useAssignment,
  useIn,
  changingBuiltin,
  repeatsPackage,
  deepNesting,
  missingTest,
  todoComment,
  lineLength,
];

export interface LintOptions {
  /** Ids of rules that are left out. */
  readonly disable?: readonly string[];
  /** The fields of `input`, when they are not those of Chaperone's decision contract. */
  readonly contract?: Contract;
}

/** A module to lint. */
export interface LintSource {
  readonly file: string;
  readonly source: string;
  readonly dialect?: Dialect;
}

/**
 * Looks at all modules of a policy together: some rules need to know what other modules say. Findings come by file, row and
 * column.
 *
 * @throws RegoErrors with every module that does not parse
 */
export function lint(sources: readonly LintSource[], options: LintOptions = {}): readonly Finding[] {
  const { disable = [], contract = DECISION_CONTRACT } = options;
  const modules = parseAll(sources);
  const rules = lintRules.filter(({ id }) => !disable.includes(id));
  const findings = modules.flatMap((module) =>
    rules.flatMap(({ id, severity, check }) =>
      check(module, { modules, contract })
        .filter(({ at }) => !isIgnored(module, at.row, id))
        .map(({ at, message, hint }): Finding => {
          const found = { file: module.ast.file, row: at.row, col: at.col, rule: id, severity, message };
          return hint === undefined ? found : { ...found, hint };
        }),
    ),
  );
  const order = new Map(sources.map(({ file }, i) => [file, i]));
  return findings.toSorted(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.row - b.row || a.col - b.col,
  );
}

function parseAll(sources: readonly LintSource[]): LintModule[] {
  const errors: RegoError[] = [];
  const modules = sources.flatMap(({ file, source, dialect = 'v1' }): LintModule[] => {
    const concrete = new Concrete();
    try {
      return [{ source, ast: parseModule(file, source, dialect, concrete), concrete }];
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length > 0) throw new RegoErrors(errors);
  return modules;
}
