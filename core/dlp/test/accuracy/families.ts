/** Which of our detectors look for what a rule of another project looks for. */
import type { Detector } from '../../src/detector.ts';
import type { Case } from './cases.ts';

type Known = Pick<Detector, 'id' | 'class'>;

/** Words of rule names that say nothing about what is looked for. */
const empty = new Set(
  `access account admin api app auth authentication base basic bearer bot client cloud code config connection
   credential credentials credsweeper data database detect detector developer document encryption env file gem generic
   http https id integration international jwt key keys kingfisher lived long md5 np number oauth old password personal
   pgp plugin private project public refresh rest sdk secret secretlint secrets server service session short sid
   signing ssh string test token tokens uri url user username uuid v1 v2 v3 webhook`.split(/\s+/),
);

/** @returns ids of the detectors that look for the same as the rule of a case; none when there is no such detector */
export function familyOf(
  { rule, cls }: Pick<Case, 'rule' | 'cls' | 'args'>,
  detectors: readonly Known[],
): ReadonlySet<string> {
  const own = detectors.filter((one) =>
    cls === 'secret' ? isSameService(rule, one) : isSameKind(rule, one),
  );
  return new Set(own.map(({ id }) => id));
}

/** A service's name is in the rule's name and in the detector's id. */
function isSameService(rule: string, { id, class: kind }: Known): boolean {
  if (!kind.startsWith('credential')) return false;
  const words = rule.toLowerCase().split(/[^a-z0-9]+/);
  const compact = words.join('');
  return id
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some(
      (word) =>
        word.length > 2 &&
        !empty.has(word) &&
        (words.includes(word) || (word.length > 5 && compact.includes(word))),
    );
}

/** `stdnum-nl.bsn` and `nl.bsn`. */
function isSameKind(rule: string, { id }: Known): boolean {
  const name = rule
    .toLowerCase()
    .replace(/^[a-z]+-/, '')
    .replaceAll('_', '.');
  return name === id || name.startsWith(`${id}.`) || name === `is${id}`;
}
