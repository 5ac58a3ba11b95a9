/** The suite as a table: one row per attack, one column per user and isolation. Vitest decides the exit code. */
import type { Reporter, TestModule } from 'vitest/node';
import type { Verdict } from './attack.ts';
import { notApplicable } from './not-applicable.ts';

type Row = {
  readonly id: string;
  readonly title: string;
  readonly cells: Map<string, { verdict: Verdict; reason?: string }>;
};

const columns = ['user namespace', 'user process', 'root namespace', 'root process'];

export default class Table implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, Row>();
    const failures: string[] = [];
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      const { escape } = test.meta();
      if (!escape) {
        if (test.result().state !== 'skipped')
          failures.push(`${test.fullName}: ${test.result().errors?.[0]?.message ?? 'did not run'}`);
        continue;
      }
      const { state, errors } = test.result();
      if (state === 'failed' && (escape.verdict === 'held' || escape.verdict === 'skipped'))
        failures.push(`${test.fullName}: ${errors?.[0]?.message ?? 'failed'}`);
      const key = `${escape.id} ${escape.title}`;
      const row = rows.get(key) ?? { id: escape.id, title: escape.title, cells: new Map() };
      rows.set(key, row);
      row.cells.set(`${escape.cell.user} ${escape.cell.isolation}`, escape);
    }
    for (const module of modules)
      failures.push(...module.errors().map((error) => `${module.moduleId}: ${error.message}`));
    print([...rows.values()].toSorted(byId), failures);
  }
}

function byId(a: Row, b: Row): number {
  return a.id.localeCompare(b.id, 'en', { numeric: true });
}

function print(rows: readonly Row[], failures: readonly string[]): void {
  const width = Math.max(20, ...rows.map(({ title }) => title.length));
  const line = (id: string, title: string, cells: readonly string[]): void =>
    console.log(
      `${id.padEnd(4)} ${title.padEnd(width)}  ${cells.map((cell) => cell.padEnd(15)).join(' ')}`.trimEnd(),
    );
  line('', 'attack', columns);
  for (const { id, title, cells } of rows)
    line(
      id,
      title,
      columns.map((column) => cells.get(column)?.verdict ?? '-'),
    );

  const all = rows.flatMap(({ id, title, cells }) =>
    [...cells].map(([column, cell]) => ({ id, title, column, ...cell })),
  );
  console.log('');
  for (const { id, title, column, verdict, reason } of all.filter(
    ({ verdict: v }) => v !== 'held' && v !== 'skipped',
  )) {
    console.log(`${verdict}: ${id} ${title} (${column})${reason ? `\n    ${reason}` : ''}`);
  }
  const skipped = Map.groupBy(
    all.filter(({ verdict }) => verdict === 'skipped'),
    ({ id, title, reason }) => `${id} ${title}: ${reason}`,
  );
  for (const [what, cells] of skipped)
    console.log(`skipped: ${what} (${cells.map(({ column }) => column).join(', ')})`);
  for (const { id, reason } of notApplicable) console.log(`not applicable: ${id}: ${reason}`);
  for (const failure of failures) console.log(`failed: ${failure}`);

  const counts = Object.entries(Object.groupBy(all, ({ verdict }) => verdict)).map(
    ([verdict, of]) => `${of?.length ?? 0} ${verdict}`,
  );
  console.log(
    `\n${rows.length} attacks, ${all.length} runs: ${counts.join(', ')}; ${notApplicable.length} ids not applicable`,
  );
}
