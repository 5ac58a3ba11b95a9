/** A list of settings may give each value ahead of its name: `{"value": "…", "name": "DB_PASSWORD"}`. */
import type { Checked, Detector } from '../../detector.ts';
import { high, low, medium } from './bands.ts';
import { promiseOf } from './name.ts';
import { isStrong, kindOf } from './value.ts';

function judge(value: string, match: RegExpExecArray): Checked {
  const name = match.groups?.['name'] ?? '';
  const promise = promiseOf(name);
  if (promise === 'none' || !/pass|pwd|secret|token|key|auth|cred|bearer|salt|_pat$/i.test(name))
    return false;
  const kind = kindOf(value, true);
  const isPassword = /pass|pwd/i.test(name);
  if (kind === 'random' && isStrong(value)) return promise === 'weak' ? medium : high;
  if (kind === 'random' || kind === 'chosen') return isPassword ? medium : low;
  return kind === 'plain' && (isPassword || /secret$/i.test(name)) && low;
}

export const valueFirst: Detector = {
  id: 'generic.value_first',
  class: 'credential.generic',
  name: 'secret ahead of its name',
  token: 'SECRET',
  find: { on: 'words', at: 'here', words: ['"value"', "'value'", 'value:', 'value='] },
  pattern:
    /["']?value["']?\s?[:=]\s{0,3}(?<open>["']?)(?<value>[^\s"',]{4,1000})\k<open>(?:\s{0,2},\s{0,40}|\s{1,40})["']?(?:name|key)["']?\s?[:=]\s{0,3}["']?(?<name>[\w.-]{3,80})/i,
  check: judge,
  confidence: low,
  neverAlone: true,
  source: 'Amazon ECS, Kubernetes and GitLab documentation: lists of variables',
};
