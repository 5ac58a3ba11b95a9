import type { JournalRecord } from '@chaperone/protocol';
import { expect, test } from 'vitest';
import { styleOf, tableRow } from '../src/commands/journal/table.ts';

test('[req: cli:fits] a terminal without a size has 80 columns', () => {
  expect(styleOf({ isTTY: true, columns: 0 }, {}).width).toBe(80);
  expect(styleOf({ isTTY: true, columns: 132 }, {}).width).toBe(132);
  expect(styleOf({}, {}).width).toBeUndefined();
});

test('[req: cli:journal:show] what was only audited is not shown as held back', () => {
  const decision = {
    effect: 'deny',
    reason: 'policy',
    message: 'No.',
    obligations: [],
    rules: [],
    revision: 'r',
  } as const;
  const record: Extract<JournalRecord, { kind: 'decision' }> = {
    v: 1,
    seq: 2,
    time: '2026-01-01T12:00:00.000Z',
    prev: '',
    hash: '',
    kind: 'decision',
    input: { action: 'read_file', path: '/x' },
    decision,
  };
  const row = (shown: JournalRecord): string =>
    tableRow({ session: 's', line: 2, record: shown }, styleOf({}, {}));
  expect(row({ ...record, proceeded: true })).toContain(' went on  read_file ');
  expect(row(record)).toContain(' deny     read_file ');
});
