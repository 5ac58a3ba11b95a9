import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDeviceKey } from '../src/record/device-key.ts';
import { openJournal } from '../src/record/journal.ts';
import { sealLine } from '../src/record/line.ts';
import { verifyJournal } from '../src/record/verify.ts';
import { aDeny, aJournalDirectory, anEnd } from './journal-fixture.ts';

/** Two closed sessions; the first has several segments and checkpoints in between. */
function aFinishedJournal() {
  const journal = aJournalDirectory();
  for (const session of ['one', 'two']) {
    const open = journal.open(session, { maxSegmentBytes: 1200, checkpointEvery: 4 });
    for (let number = 0; number < 6; number += 1) open.append(aDeny(`/secret/${number}`), 'grouped');
    open.append(anEnd(), 'now');
    open.close();
  }
  return journal;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

function writeLines(file: string, lines: readonly string[]): void {
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

describe('[req: record:tamper-evident]', () => {
  test('an untouched journal verifies', () => {
    const journal = aFinishedJournal();
    const report = journal.verify();
    expect(report).toMatchObject({ ok: true, keyTrusted: true, faults: [] });
    expect(report.sessions).toEqual([
      { session: 'one', status: 'intact', records: 9, signedUpTo: 9, tornBytes: 0 },
      { session: 'two', status: 'intact', records: 9, signedUpTo: 9, tornBytes: 0 },
    ]);
    expect(linesOf(journal.file('one', 2)).length).toBeGreaterThan(0);
  });

  test('any single changed byte is found, in every file', () => {
    const journal = aFinishedJournal();
    const files = [journal.file('one'), journal.file('one', 2), journal.file('two', 3), journal.register];
    const contents = files.map((file) => readFileSync(file));
    fc.assert(
      fc.property(
        fc.nat(files.length - 1),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (which, at, change) => {
          const file = files[which] ?? '';
          const original = contents[which] ?? Buffer.alloc(0);
          const altered = Buffer.from(original);
          const position = at % altered.length;
          altered[position] = (altered[position] ?? 0) ^ change;
          writeFileSync(file, altered);
          const report = journal.verify();
          writeFileSync(file, original);
          expect(report.ok).toBe(false);
        },
      ),
      { numRuns: 400 },
    );
    expect(journal.verify().ok).toBe(true);
  });

  test('any dropped, doubled, moved or inserted line is found, in every file', () => {
    const journal = aFinishedJournal();
    const files = [journal.file('one'), journal.file('one', 2), journal.file('two', 3), journal.register];
    const contents = files.map(linesOf);
    const edit = fc.constantFrom('drop', 'double', 'swap', 'insert');
    fc.assert(
      fc.property(fc.nat(files.length - 1), edit, fc.nat(), fc.nat(), (which, kind, a, b) => {
        const file = files[which] ?? '';
        const original = contents[which] ?? [];
        const lines = [...original];
        const from = a % lines.length;
        const to = b % lines.length;
        const line = lines[from] ?? '';
        if (kind === 'drop') lines.splice(from, 1);
        if (kind === 'double') lines.splice(to, 0, line);
        if (kind === 'swap') [lines[from], lines[to]] = [lines[to] ?? '', line];
        if (kind === 'insert') lines.splice(from, 0, contents[(which + 1) % files.length]?.[0] ?? '');
        fc.pre(lines.join('\n') !== original.join('\n'));
        writeLines(file, lines);
        const report = journal.verify();
        writeLines(file, original);
        expect(report.ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['altered', 2, (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('secret', 'public'))],
    ['dropped', 2, (lines: string[]) => lines.toSpliced(1, 1)],
    [
      'reordered',
      2,
      (lines: string[]) => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)],
    ],
    ['inserted', 3, (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? '')],
  ])('the record is named: %s', (code, seq, change) => {
    const journal = aJournalDirectory();
    const open = journal.open('one');
    for (let number = 0; number < 5; number += 1) open.append(aDeny(`/secret/${number}`), 'grouped');
    open.append(anEnd(), 'now');
    open.close();
    writeLines(journal.file('one'), change(linesOf(journal.file('one'))));
    const { faults } = journal.verify();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code, session: 'one', seq, file: 'one/000001.jsonl' });
    expect(faults[0]?.message).toContain(`record ${seq}`.replace('record 3', 'record 2'));
  });
});

describe('[req: record:tamper-evident] a forger who recomputes hashes', () => {
  /** Seals the line anew after a change, as someone without the key can. */
  function reseal(line: string, prev?: string): { line: string; hash: string } {
    const { v: _v, seq, time, prev: old, hash: _hash, ...body } = JSON.parse(line) as Record<string, unknown>;
    const sealed = sealLine(Number(seq), String(time), prev ?? String(old), body);
    return { line: sealed.line.toString('utf8').trimEnd(), hash: sealed.hash };
  }

  function aSession() {
    const journal = aJournalDirectory();
    const open = journal.open('one');
    for (let number = 0; number < 5; number += 1) open.append(aDeny(`/secret/${number}`), 'grouped');
    open.append(anEnd(), 'now');
    open.close();
    return { journal, lines: linesOf(journal.file('one')) };
  }

  test('one record replaced: the next one links to another', () => {
    const { journal, lines } = aSession();
    const forged = reseal((lines[1] ?? '').replace('secret', 'public')).line;
    writeLines(journal.file('one'), lines.with(1, forged));
    const { faults } = journal.verify();
    expect(faults).toMatchObject([{ code: 'altered', session: 'one', seq: 2 }]);
    expect(faults[0]?.message).toContain('record 2 was replaced');
  });

  test('everything after it rewritten, too: the signature does not fit', () => {
    const { journal, lines } = aSession();
    let prev: string | undefined;
    const forged = lines.map((line, index) => {
      const sealed = reseal(index === 1 ? line.replace('secret', 'public') : line, prev);
      prev = sealed.hash;
      return sealed.line;
    });
    writeLines(journal.file('one'), forged);
    expect(journal.verify().faults).toMatchObject([{ code: 'bad_signature', session: 'one', seq: 7 }]);
  });

  test('a session exchanged for another one with a valid signature: the register holds another hash', () => {
    const { journal, lines } = aSession();
    const other = aJournalDirectory();
    const open = openJournal({
      dir: other.dir,
      session: 'one',
      key: journal.key,
      clock: () => journal.clock.nowMs,
    });
    for (let number = 0; number < 5; number += 1) open.append(aDeny(`/other/${number}`), 'grouped');
    open.append(anEnd(), 'now');
    open.close();
    const exchanged = linesOf(other.file('one'));
    expect(exchanged).toHaveLength(lines.length);
    writeLines(journal.file('one'), exchanged);
    expect(journal.verify().faults).toMatchObject([{ code: 'altered', session: 'one', seq: 7 }]);
  });
});

describe('[req: record:dropped-session]', () => {
  test('a removed session', () => {
    const journal = aFinishedJournal();
    rmSync(path.join(journal.dir, 'one'), { recursive: true });
    expect(journal.verify().faults).toMatchObject([{ code: 'session_missing', session: 'one' }]);
  });

  test('a removed segment', () => {
    const journal = aFinishedJournal();
    rmSync(journal.file('one', 2));
    expect(journal.verify().faults).toMatchObject([{ code: 'dropped', session: 'one' }]);
  });

  test('a cut end of a session', () => {
    const journal = aFinishedJournal();
    rmSync(journal.file('two', 3));
    expect(journal.verify().faults).toMatchObject([{ code: 'tail_cut', session: 'two' }]);
  });

  test('the last session removed together with its lines in the register', () => {
    const journal = aFinishedJournal();
    rmSync(path.join(journal.dir, 'two'), { recursive: true });
    writeLines(journal.register, linesOf(journal.register).slice(0, 2));
    expect(journal.verify().faults).toMatchObject([{ code: 'register_cut', seq: 4 }]);
    // Writing on does not hide it.
    journal.open('three').close();
    expect(journal.verify().faults).toMatchObject([{ code: 'register_cut', seq: 3 }]);
  });

  test('the whole register', () => {
    const journal = aFinishedJournal();
    rmSync(journal.register);
    expect(journal.verify().faults).toMatchObject([{ code: 'register_cut' }]);
  });

  test('a session under another name, and one that was slipped in', () => {
    const journal = aFinishedJournal();
    renameSync(path.join(journal.dir, 'two'), path.join(journal.dir, 'forged'));
    const codes = journal.verify().faults.map(({ code, session }) => [code, session]);
    expect(codes).toEqual([
      ['session_missing', 'two'],
      ['session_unregistered', 'forged'],
    ]);
  });

  test('a record added after the end', () => {
    const journal = aFinishedJournal();
    appendFileSync(journal.file('two', 3), '{"v":1}\n');
    expect(journal.verify().ok).toBe(false);
  });
});

describe('[req: record:signed]', () => {
  /** The same sessions, written by somebody with another key. */
  function aForgery() {
    const journal = aFinishedJournal();
    const forgerKey = loadDeviceKey(path.join(journal.root, 'forger'));
    rmSync(journal.dir, { recursive: true });
    for (const session of ['one', 'two']) {
      const open = openJournal({
        dir: journal.dir,
        session,
        key: forgerKey,
        clock: () => journal.clock.nowMs,
      });
      open.append(anEnd(), 'now');
      open.close();
    }
    return { journal, forgerKey };
  }

  test('a journal rewritten with another key does not verify with the key of the device', () => {
    const { journal } = aForgery();
    const { faults } = journal.verify();
    expect(faults[0]).toMatchObject({ code: 'bad_signature', seq: 1 });
  });

  test('a key that only the journal names is not called trusted', () => {
    const { journal, forgerKey } = aForgery();
    expect(verifyJournal(journal.dir)).toMatchObject({ ok: true, keyTrusted: false, key: forgerKey.id });
  });
});
