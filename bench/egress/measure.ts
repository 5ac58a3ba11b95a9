/** One row in one round: it is started, asked whether it is what it says, measured, and stopped. */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Load, Measured, PhaseName, Said } from './load.ts';
import { processorMs } from './processes.ts';
import type { Row } from './rows.ts';
import { type Stage, targetAuthority } from './stage.ts';

export type Cell = Measured & {
  /** Milliseconds on a processor that the proxy took, all its processes together; absent without one. */
  readonly processorMs?: number;
};
export type RowRound = { readonly version?: string; readonly cells: ReadonlyMap<PhaseName, Cell> };

export type Sizes = Pick<Load, 'connections' | 'requests' | 'alone' | 'opened' | 'streamBytes'>;

const silenceMs = 120_000;

/** Rejects when the row cannot run here, or is not what it says. */
export async function measureRow(row: Row, stage: Stage, sizes: Sizes): Promise<RowRound> {
  const { prefix, proxy, version } = await row.start(stage);
  try {
    const { share, phases } = row;
    const fewer = (count: number): number => Math.ceil(count * share);
    const load: Load = {
      port: stage.port,
      ...(proxy ? { proxyPort: proxy.port } : {}),
      phases,
      connections: sizes.connections,
      requests: fewer(sizes.requests),
      alone: fewer(sizes.alone),
      opened: fewer(sizes.opened),
      streamBytes: sizes.streamBytes,
    };
    const program = path.join(import.meta.dirname, 'load.ts');
    const asking = stage.start([...prefix, process.execPath, program, JSON.stringify(load)], 'pipe');
    const counted = proxy?.process ?? (prefix.length > 0 ? asking : undefined);
    try {
      const cells = await listen(row, asking, () =>
        counted?.pid === undefined ? undefined : processorMs(counted.pid),
      );
      return { ...(version === undefined ? {} : { version }), cells };
    } finally {
      await stage.stop(asking);
    }
  } finally {
    if (proxy) await stage.stop(proxy.process);
  }
}

async function listen(
  row: Row,
  asking: ChildProcess,
  clock: () => number | undefined,
): Promise<ReadonlyMap<PhaseName, Cell>> {
  const { stdin, stdout, stderr } = asking;
  if (!stdin || !stdout) throw new Error('no pipes');
  stdin.on('error', () => {});
  let said = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const cells = new Map<PhaseName, Cell>();
  let before: number | undefined;
  const timer = setTimeout(() => asking.kill('SIGKILL'), silenceMs);
  try {
    for await (const line of createInterface({ input: stdout })) {
      const heard = JSON.parse(line) as Said;
      const now = clock();
      timer.refresh();
      switch (heard.kind) {
        case 'checked':
          assertIs(row, heard);
          break;
        case 'ready':
          before = now;
          stdin.write('go\n');
          break;
        case 'measured': {
          const took = before === undefined || now === undefined ? {} : { processorMs: now - before };
          cells.set(heard.phase, { ...heard.measured, ...took });
          break;
        }
        case 'failed':
          throw new Error(heard.why);
        default:
          heard satisfies never;
      }
    }
  } finally {
    clearTimeout(timer);
  }
  if (row.phases.some((phase) => !cells.has(phase)))
    throw new Error(said.trim().split('\n').at(-1)?.slice(0, 200) ?? 'it ended early');
  return cells;
}

/** Throws when it opens what it should not, or allows what it should not. */
function assertIs(row: Row, checked: Extract<Said, { kind: 'checked' }>): void {
  const opensTls = checked.issuer !== targetAuthority;
  if (opensTls !== row.opensTls) throw new Error(opensTls ? 'it opens TLS' : 'it does not open TLS');
  const { closed, personal } = row.expects;
  if (checked.closed !== closed || checked.personal !== personal)
    throw new Error(`it answers ${checked.closed} and ${checked.personal}, not ${closed} and ${personal}`);
}
