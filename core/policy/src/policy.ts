/**
 * The policy decision point: one compiled policy, one code path for every question. Enforcement and simulation call
 * `decide`, explanation runs the same code with reports; nothing else turns a policy's answer into a decision.
 */
import { type Decision, type DecisionInput, deny, type DenyReason, parseDecision } from '@chaperone/protocol';
import {
  AnyUnder,
  compile,
  type Host,
  type Json,
  type Module,
  type Program,
  RegoErrors,
  RegoEvalError,
} from '@chaperone/rego';
import { PolicyError } from './errors.ts';
import { type Explanation, explanationOf } from './explanation.ts';

export type PolicySource = {
  /** One without `dialect` is read as Rego 1.0, and as the syntax before it when it cannot be that. */
  readonly modules: readonly Module[];
  /** Becomes `data`. */
  readonly data?: Readonly<Record<string, Json>>;
  /** Slash-separated path of the rule that answers; the first of the two known ones when absent. */
  readonly entrypoint?: string;
  /** Names this policy in every decision. */
  readonly revision: string;
  /** Obligations the caller can carry out; all when absent. */
  readonly knownObligations?: ReadonlySet<string>;
  /** Loop iterations and rule entries after which an evaluation is given up. */
  readonly steps?: number;
  /** What built-ins may use of the world; nothing when absent, and then policies that need more are refused. */
  readonly host?: Host;
};

export type Tracked = {
  readonly decision: Decision;
  /**
   * Dotted input paths that the answer depends on, in the order in which they were first read; undefined when that is not
   * known, or when it also depends on the time, on chance or on the network, so it must not be cached.
   */
  readonly reads: ReadonlySet<string> | undefined;
};

export type Policy = {
  readonly revision: string;
  readonly entrypoint: string;
  /** Never throws: whatever goes wrong is a deny with its own reason. */
  decide(input: DecisionInput): Decision;
  decideTracked(input: DecisionInput): Tracked;
  /**
   * The one decision for every path that begins with `under` (and is longer), or undefined when they differ or that
   * cannot be told. `input.path` is ignored.
   */
  decideClass(input: DecisionInput, under: string): Tracked | undefined;
  /**
   * The decision, and what happened in the rules that were asked for it. Never throws. The first call compiles the policy
   * again, with reports; every call is slower than `decide`, within the same number of steps.
   */
  explain(input: DecisionInput): Explanation;
  /** Value of `data.chaperone.access.floor` for this input: what a session may be given statically. */
  floor(input: Readonly<Record<string, unknown>>): unknown;
};

type Entrypoint = ReturnType<Program['entrypoint']>;

/** The second is the one that a plain `allow` rule for an OPA sidecar uses; it answers true or false. */
export const knownEntrypoints = ['chaperone/access/decision', 'endpoint/access/allow'] as const;
const floorPath = 'chaperone/access/floor';

/** Throws PolicyError. Does no I/O: the modules' text and data are given. */
export function loadPolicy(source: PolicySource): Policy {
  return policyOver(compileSource(source), source);
}

/** As {@link loadPolicy}, for modules that are compiled already; shares their code. Throws PolicyError `no_entrypoint`. */
export function policyOver(
  program: Program,
  source: Pick<PolicySource, 'entrypoint' | 'revision' | 'knownObligations'>,
): Policy {
  const path = source.entrypoint ?? knownEntrypoints.find((known) => program.has(known));
  if (path === undefined || !program.has(path)) {
    const wanted = (path === undefined ? knownEntrypoints : [path]).map(describeRule).join(' or ');
    const message = `the policy has no rule that answers; it must define ${wanted}`;
    throw new PolicyError('no_entrypoint', [{ message }]);
  }
  const floor = program.has(floorPath) ? program.entrypoint(floorPath) : undefined;
  return policyOf(source, path, program.entrypoint(path), floor);
}

/** `a/b/c` as whoever has to write it sees it in a file. */
function describeRule(path: string): string {
  const parts = path.split('/');
  return `${path} (in package ${parts.slice(0, -1).join('.')} the rule ${parts.at(-1)})`;
}

function compileSource({ modules, data, steps, host }: PolicySource): Program {
  const options = {
    ...(data === undefined ? {} : { data }),
    ...(steps === undefined ? {} : { steps }),
    ...(host === undefined ? {} : { host }),
  };
  try {
    return compile(modules, options);
  } catch (error) {
    if (!(error instanceof RegoErrors)) throw error;
    const older = asOlderSyntax(modules, error);
    try {
      if (older) return compile(older, options);
    } catch {
      // It is valid in neither syntax; what is wrong with it in the current one helps its author more.
    }
    throw new PolicyError('refused', error.errors, { cause: error });
  }
}

/**
 * The same modules with those that do not parse as Rego 1.0 marked as older. What parses as 1.0 stays 1.0, so adding an
 * old module never changes how another one is read.
 */
function asOlderSyntax(modules: readonly Module[], { errors }: RegoErrors): Module[] | undefined {
  if (!errors.every(({ code }) => code === 'rego_parse_error')) return undefined;
  const failing = new Set(errors.map(({ file }) => file));
  return modules.map((module) =>
    failing.has(module.file) && module.dialect === undefined ? { ...module, dialect: 'v0' } : module,
  );
}

function policyOf(
  source: Pick<PolicySource, 'revision' | 'knownObligations'>,
  path: string,
  entrypoint: Entrypoint,
  floor: Entrypoint | undefined,
): Policy {
  const { revision, knownObligations } = source;
  const options = {
    revision,
    plainBoolean: path !== 'chaperone/access/decision',
    ...(knownObligations ? { knownObligations } : {}),
  };
  const failed = (error: unknown): Decision => {
    const [reason, detail] = failureOf(error);
    return deny(reason, revision, detail);
  };
  const decide = (input: DecisionInput): Decision => {
    try {
      return parseDecision(entrypoint.evaluate(input), options);
    } catch (error) {
      return failed(error);
    }
  };
  return {
    revision,
    entrypoint: path,
    decide,
    decideTracked(input) {
      try {
        const { value, reads, volatile } = entrypoint.track(input);
        return { decision: parseDecision(value, options), reads: volatile ? undefined : reads };
      } catch (error) {
        return { decision: failed(error), reads: undefined };
      }
    },
    decideClass(input, under) {
      try {
        const probe = entrypoint.probe({ ...input, path: new AnyUnder(under) });
        if (!probe.determined) return undefined;
        const { value, reads, volatile } = probe;
        return { decision: parseDecision(value, options), reads: volatile ? undefined : reads };
      } catch {
        // An error for the class as a whole says nothing about each member; every path is then asked for itself.
        return undefined;
      }
    },
    explain(input) {
      try {
        const explained = entrypoint.explain(input);
        const decision = explained.ok ? parseDecision(explained.value, options) : failed(explained.error);
        return explanationOf(decision, `data.${path.replaceAll('/', '.')}`, explained.bodies);
      } catch {
        // The reports may be what makes the code too deep for the JavaScript engine. The decision stands without them.
        return { decision: decide(input), rules: [] };
      }
    },
    floor(input) {
      return floor?.evaluate(input);
    },
  };
}

function failureOf(error: unknown): [DenyReason, string] {
  if (error instanceof RegoEvalError && error.code === 'eval_budget_error') {
    return ['policy_timeout', 'The policy took too long to decide.'];
  }
  const what = error instanceof Error ? error.message : 'unknown error';
  return ['policy_error', `The policy failed while it was deciding: ${what.slice(0, 300)}`];
}
