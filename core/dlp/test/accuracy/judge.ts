/** Whether the detectors are right about one case. */
import { detectors, textDetectors } from '../../src/detectors/index.ts';
import type { Finding } from '../../src/index.ts';
import { classify, defaultLimits, sourceOf } from '../../src/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';
import type { Case, Span } from './cases.ts';
import { familyOf } from './families.ts';
import { identify } from '../../src/identify.ts';
import { valueFamilyOf } from './value-families.ts';

/**
 * `hit`: found or fired. `by`: ids of the detectors that made it so. `isJudged` is false where an option of the caller decides, or the
 * rule names no kind of value that we know: such a case counts as negative that did not fire, and the table says how many there are.
 */
export type Verdict = { readonly hit: boolean; readonly by: readonly string[]; readonly isJudged: boolean };

const host = nodeDlpHost();
const limits = { ...defaultLimits, maxFindings: Infinity };
const known = [...detectors, ...textDetectors];
const families = new Map<string, ReadonlySet<string>>();

export function judge(found: Case): Verdict {
  const { text, track, positive } = found;
  if (track === 'validator') {
    const accepted = identify(text).map(({ id }) => id);
    const family = valueFamilyOf(found.rule, found.args);
    const told = positive ? accepted : accepted.filter((id) => family?.(id, text) ?? false);
    return { ...verdict(told), isJudged: positive || family !== undefined };
  }
  const { findings } = classify(sourceOf(new TextEncoder().encode(text)), host, limits);
  return verdict(
    (positive ? reported(found, findings) : fired(found, findings)).map(({ detector }) => detector),
  );
}

/**
 * Findings inside or over one of the spans; where a case names no span, all of them. Some spans begin or end within the value, because
 * a rule bounds its length: half of the shorter one in common is the same thing, too.
 */
function reported({ text, spans }: Case, findings: readonly Finding[]): readonly Finding[] {
  if (spans.length === 0) return findings;
  const inBytes = spans.map((span) => ({
    start: byteOffset(text, span.start),
    end: byteOffset(text, span.end),
  }));
  return findings.filter((one) => inBytes.some((span) => isOver(one, span)));
}

/**
 * A negative says that its rule must not fire; another may. Where we look for the same thing as the rule, those detectors must stay
 * silent. Where we have no such detector, a credential of medium or high confidence is taken for a false alarm, and for texts that are
 * about no secret, anything of high confidence.
 */
function fired(found: Case, findings: readonly Finding[]): readonly Finding[] {
  const own = ownKind(found);
  if (own.size > 0) return findings.filter(({ detector }) => own.has(detector));
  if (found.cls === 'secret')
    return findings.filter((one) => one.class.startsWith('credential') && one.confidence >= 75);
  return findings.filter(({ confidence }) => confidence >= 85);
}

function ownKind({ rule, cls, args }: Case): ReadonlySet<string> {
  const key = `${cls} ${rule} ${args}`;
  const own = families.get(key) ?? familyOf({ rule, cls, args }, known);
  families.set(key, own);
  return own;
}

function verdict(by: readonly string[]): Verdict {
  return { hit: by.length > 0, by: [...new Set(by)], isJudged: true };
}

function isOver(a: Span, b: Span): boolean {
  const common = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return common > 0 && common * 2 >= Math.min(a.end - a.start, b.end - b.start);
}

function byteOffset(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset));
}
