import { spawn } from 'node:child_process';
import * as nodeFs from 'node:fs';
import path from 'node:path';
import type { RecordBody } from '@chaperone/protocol';
import { journalRecordSchema } from '@chaperone/protocol/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDeviceKey } from '../src/record/device-key.ts';
import { JournalError } from '../src/record/errors.ts';
import type { JournalFiles } from '../src/record/journal.ts';
import { readSession } from '../src/record/read.ts';
import { verifyJournal } from '../src/record/verify.ts';
import { aDeny, aJournalDirectory, anEnd } from './journal-fixture.ts';

function failingWith(errno: string): Error {
  return Object.assign(new Error(errno), { code: errno });
}

/** Real files until `fail` is set; counts the calls that make records durable. */
function watchedFiles() {
  const watch = { syncs: 0, fail: undefined as string | undefined, writeAtMost: Infinity };
  const files: JournalFiles = {
    ...nodeFs,
    writeSync: ((fd: number, data: Buffer, offset: number) => {
      if (watch.fail !== undefined && watch.writeAtMost <= 0) throw failingWith(watch.fail);
      const length = Math.min(watch.writeAtMost, data.length - offset);
      watch.writeAtMost -= length;
      return nodeFs.writeSync(fd, data, offset, length);
    }) as typeof nodeFs.writeSync,
    fdatasyncSync: (fd) => {
      watch.syncs += 1;
      if (watch.fail !== undefined && watch.writeAtMost > 0) throw failingWith(watch.fail);
      nodeFs.fdatasyncSync(fd);
    },
  };
  return { watch, files };
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof JournalError ? error.code : String(error);
  }
  return undefined;
}

describe('[req: record:write-fails-closed]', () => {
  test.each(['ENOSPC', 'EIO', 'EROFS', 'EACCES'])(
    'after %s in a write nothing is accepted any more',
    (errno) => {
      const journal = aJournalDirectory();
      const { watch, files } = watchedFiles();
      const open = journal.open('one', { files });
      open.append(aDeny(), 'now');
      watch.fail = errno;
      watch.writeAtMost = 20;
      expect(() => open.append(aDeny(), 'grouped')).toThrow(new RegExp(errno));
      watch.fail = undefined;
      watch.writeAtMost = Infinity;
      expect(codeOf(() => open.append(aDeny(), 'grouped'))).toBe('write_failed');
      expect(codeOf(() => open.flush())).toBe('write_failed');
      open.close();
      const [session] = verifyJournal(journal.dir, { publicKey: journal.key }).sessions;
      expect(session).toMatchObject({ records: 1, tornBytes: 20 });
      expect(session?.status).not.toBe('intact');
    },
  );

  test('a failed fdatasync counts as a failed write', () => {
    const journal = aJournalDirectory();
    const { watch, files } = watchedFiles();
    const open = journal.open('one', { files });
    watch.fail = 'EIO';
    expect(codeOf(() => open.append(aDeny(), 'now'))).toBe('write_failed');
    expect(codeOf(() => open.append(aDeny(), 'now'))).toBe('write_failed');
  });

  test('a write that takes less than it was given is continued', () => {
    const journal = aJournalDirectory();
    const files: JournalFiles = {
      ...nodeFs,
      writeSync: ((fd: number, data: Buffer, offset: number) =>
        nodeFs.writeSync(fd, data, offset, Math.min(7, data.length - offset))) as typeof nodeFs.writeSync,
    };
    const open = journal.open('one', { files });
    open.append(aDeny(), 'now');
    open.close();
    expect(journal.verify().ok).toBe(true);
  });

  test('a session is never continued, and its name is checked', () => {
    const journal = aJournalDirectory();
    journal.open('one').close();
    expect(codeOf(() => journal.open('one'))).toBe('session_exists');
    expect(codeOf(() => journal.open('../one'))).toBe('bad_session_id');
  });

  test('a closed journal accepts nothing', () => {
    const open = aJournalDirectory().open('one');
    open.close();
    expect(codeOf(() => open.append(aDeny(), 'now'))).toBe('closed');
    open.close();
  });

  test('a directory that others can write to is refused', () => {
    const journal = aJournalDirectory();
    nodeFs.mkdirSync(journal.dir);
    nodeFs.chmodSync(journal.dir, 0o777);
    expect(codeOf(() => journal.open('one'))).toBe('unsafe_directory');
  });
});

describe('[req: record:durable]', () => {
  test('`now` syncs before it returns; grouped records wait for number or time', () => {
    const journal = aJournalDirectory();
    const { watch, files } = watchedFiles();
    const open = journal.open('one', { files, groupRecords: 3, groupMs: 200 });
    open.append(aDeny(), 'now');
    expect(watch.syncs).toBe(1);
    open.append(aDeny(), 'grouped');
    open.append(aDeny(), 'grouped');
    expect(watch.syncs).toBe(1);
    open.append(aDeny(), 'grouped');
    expect(watch.syncs).toBe(2);
    open.append(aDeny(), 'grouped');
    journal.clock.nowMs += 199;
    open.flushIfDue();
    expect(watch.syncs).toBe(2);
    journal.clock.nowMs += 1;
    open.flushIfDue();
    expect(watch.syncs).toBe(3);
    open.flush();
    expect(watch.syncs).toBe(3);
  });

  test('numbers have no gap, and ids name session and number', () => {
    const open = aJournalDirectory().open('one', { checkpointEvery: 2 });
    expect([1, 2, 3, 4].map(() => open.append(aDeny(), 'grouped'))).toEqual([
      { seq: 1, id: 'one:1' },
      { seq: 2, id: 'one:2' },
      // 3 is the checkpoint after two records.
      { seq: 4, id: 'one:4' },
      { seq: 5, id: 'one:5' },
    ]);
  });
});

describe('[req: record:crash-reported]', () => {
  /** The process that wrote it is gone, as after a power cut. */
  function crashed(journal: ReturnType<typeof aJournalDirectory>) {
    const writer = `
      import { openJournal, loadDeviceKey } from ${JSON.stringify(path.resolve(import.meta.dirname, '../src/record/index.ts'))};
      const open = openJournal({ dir: ${JSON.stringify(journal.dir)}, session: 'crashed', key: loadDeviceKey(${JSON.stringify(journal.key.stateDir)}), clock: Date.now });
      open.append(${JSON.stringify(aDeny())}, 'now');
      open.append(${JSON.stringify(aDeny())}, 'grouped');
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  }

  test('an unclosed session is not tampering', async () => {
    const journal = aJournalDirectory();
    expect(await crashed(journal)).toBe('SIGKILL');
    const report = journal.verify();
    expect(report).toMatchObject({
      ok: true,
      sessions: [{ session: 'crashed', status: 'unclosed', records: 2 }],
    });
  });

  test('a torn last record is reported with its size', async () => {
    const journal = aJournalDirectory();
    await crashed(journal);
    const content = nodeFs.readFileSync(journal.file('crashed'));
    nodeFs.writeFileSync(journal.file('crashed'), content.subarray(0, -30));
    const [session] = journal.verify().sessions;
    expect(session).toMatchObject({ status: 'unclosed', records: 1 });
    expect(session?.tornBytes).toBeGreaterThan(100);
  });

  test('a running session is open', () => {
    const journal = aJournalDirectory();
    journal.open('one').append(aDeny(), 'now');
    expect(journal.verify()).toMatchObject({ ok: true, sessions: [{ status: 'open', records: 1 }] });
  });

  test('a torn line of the register is cut off, kept and reported', () => {
    const journal = aJournalDirectory();
    journal.open('one').close();
    nodeFs.appendFileSync(journal.register, '{"v":1,"seq":3,"ti');
    journal.open('two').close();
    expect(journal.verify().ok).toBe(true);
    const line = nodeFs.readFileSync(journal.register, 'utf8').split('\n')[2];
    expect(line).toContain('"kind":"torn_line_removed","bytes":18');
    expect(line).toContain(Buffer.from('{"v":1,"seq":3,"ti').toString('base64'));
  });
});

describe('[req: record:round-trip]', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const body: fc.Arbitrary<RecordBody> = fc.oneof(
    fc.record({
      kind: fc.constant('refusal'),
      reason: fc.constantFrom('floor', 'refused_call'),
      message: text,
      call: text,
    }),
    fc.record({
      kind: fc.constant('summary'),
      class: text,
      count: fc.nat(),
      first_at: fc.constant('2026-01-01T00:00:00Z'),
      last_at: fc.constant('2026-01-01T00:00:00Z'),
    }),
    fc.record({ kind: fc.constant('outcome'), decision: text, result: fc.constantFrom('done', 'failed') }),
  );

  test('what is appended is read back, verifies and fits the schema', () => {
    const journal = aJournalDirectory();
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 20 }), fc.uuid(), (bodies, session) => {
        const open = journal.open(session, { maxSegmentBytes: 700, checkpointEvery: 7 });
        for (const item of bodies) open.append(item, 'grouped');
        open.close();
        const records = readSession(journal.dir, session).lines.map(({ bytes }) =>
          journalRecordSchema.parse(JSON.parse(bytes.toString('utf8'))),
        );
        const written = records.filter(({ kind }) => kind !== 'checkpoint');
        expect(written).toMatchObject(JSON.parse(JSON.stringify(bodies)) as object[]);
      }),
      { numRuns: 40 },
    );
    expect(journal.verify()).toMatchObject({ ok: true });
  });
});

test('[req: record:concurrent] several processes share one register', async () => {
  const journal = aJournalDirectory();
  const sessions = Array.from({ length: 6 }, (_, number) => `s${number}`);
  const source = path.resolve(import.meta.dirname, '../src/record/index.ts');
  const exits = sessions.map((session) => {
    const writer = `
      import { openJournal, loadDeviceKey } from ${JSON.stringify(source)};
      const key = loadDeviceKey(${JSON.stringify(journal.key.stateDir)});
      for (let n = 0; n < 5; n += 1) {
        const open = openJournal({ dir: ${JSON.stringify(journal.dir)}, session: '${session}-' + n, key, clock: Date.now });
        open.append(${JSON.stringify(anEnd())}, 'grouped');
        open.close();
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Promise((resolve) => child.on('exit', resolve));
  });
  expect(await Promise.all(exits)).toEqual(sessions.map(() => 0));
  const report = journal.verify();
  expect(report).toMatchObject({ ok: true });
  expect(report.sessions).toHaveLength(30);
  expect(nodeFs.readdirSync(journal.dir).filter((name) => name.startsWith('sessions.'))).toEqual([
    'sessions.jsonl',
  ]);
});

test('[req: record:concurrent] the lock of a dead process is taken over', () => {
  const journal = aJournalDirectory();
  nodeFs.mkdirSync(journal.dir, { mode: 0o700 });
  // No process has this number and start time.
  nodeFs.writeFileSync(
    path.join(journal.dir, 'sessions.lock'),
    `4194304 1 ${nodeFs.readlinkSync('/proc/self/ns/pid')}`,
  );
  journal.open('one').close();
  expect(journal.verify().ok).toBe(true);
});

describe('[req: record:signed] the device key', () => {
  test('is created once, for its owner only', () => {
    const { key } = aJournalDirectory();
    const file = path.join(key.stateDir, 'device-key.pem');
    expect(nodeFs.statSync(file).mode & 0o777).toBe(0o600);
    expect(nodeFs.statSync(key.stateDir).mode & 0o777).toBe(0o700);
    expect(loadDeviceKey(key.stateDir).id).toBe(key.id);
    expect(nodeFs.readdirSync(key.stateDir)).toEqual(['device-key.pem']);
  });

  test('is refused when others can read it, and when it is none', () => {
    const { key } = aJournalDirectory();
    const file = path.join(key.stateDir, 'device-key.pem');
    nodeFs.chmodSync(file, 0o644);
    expect(codeOf(() => loadDeviceKey(key.stateDir))).toBe('unsafe_key');
    nodeFs.writeFileSync(file, 'nothing');
    nodeFs.chmodSync(file, 0o600);
    expect(codeOf(() => loadDeviceKey(key.stateDir))).toBe('unreadable');
  });
});

test('[req: record:third-party] the script in docs/journal.md verifies a session without this code', async () => {
  const journal = aJournalDirectory();
  const open = journal.open('one', { maxSegmentBytes: 900, checkpointEvery: 3 });
  for (let number = 0; number < 8; number += 1) open.append(aDeny(`/größe/${number}\u2028`), 'grouped');
  open.close();
  const document = nodeFs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/journal.md'), 'utf8');
  const script = /```python\n([^]*?)```/.exec(document)?.[1] ?? '';
  const file = path.join(journal.root, 'verify.py');
  nodeFs.writeFileSync(file, script);
  const run = (): Promise<number | null> =>
    new Promise((resolve) => {
      spawn('python3', [file, path.join(journal.dir, 'one')], { stdio: 'ignore' }).on('exit', resolve);
    });
  expect(await run()).toBe(0);
  const content = nodeFs.readFileSync(journal.file('one', 2), 'utf8');
  nodeFs.writeFileSync(journal.file('one', 2), content.replace('shadow', 'public').replace('No.', 'Yes'));
  expect(await run()).toBe(1);
});
