import type { Decision } from '@chaperone/protocol';
import { expect, test } from 'vitest';
import { decisionLines } from '../src/explanation.ts';

test('[req: cli:why] a credential store is named with the setting that opens it, whatever the rule calls itself', () => {
  const about = (rule: string): string => {
    const denied: Decision = {
      effect: 'deny',
      reason: 'floor',
      message: 'No.',
      obligations: [],
      rules: [rule],
      revision: 'r',
    };
    return decisionLines(denied).join('\n');
  };
  expect(about('store:ssh')).toContain('--set allow_stores=ssh');
  for (const rule of ['ssh', 'store:', 'store:a; rm -rf ~'])
    expect(about(rule)).not.toContain('allow_stores');
});
