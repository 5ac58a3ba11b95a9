/**
 * A load on a server of OPA's REST API: so many connections, each asking again as soon as it has its answer. Sockets and
 * bytes only, so that what asks costs little beside what answers.
 */
import { connect, type Socket } from 'node:net';

export type Load = {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
};

export type Measured = {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly answers: number;
};

/** Rejects when a connection fails or an answer is no 200. */
export async function applyLoad(load: Load): Promise<Measured> {
  const { path, body, port, warmUpMs, measuredMs } = load;
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const request = Buffer.from(head + body);
  const times: number[] = [];
  const from = performance.now() + warmUpMs;
  const until = from + measuredMs;
  await Promise.all(
    Array.from({ length: load.connections }, () => askAgainAndAgain(port, request, times, from, until)),
  );
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    perSecond: times.length / (measuredMs / 1000),
    p50: at(0.5),
    p99: at(0.99),
    answers: times.length,
  };
}

function askAgainAndAgain(
  port: number,
  request: Buffer,
  times: number[],
  from: number,
  until: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let begun = 0;
    let pending = '';
    const send = (): void => {
      begun = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? Number.NaN);
      if (!pending.startsWith('HTTP/1.1 200') || Number.isNaN(length)) {
        socket.destroy();
        reject(new Error(`not the answer that was asked for: ${pending.slice(0, 200)}`));
        return;
      }
      if (pending.length < end + 4 + length) return;
      pending = '';
      const now = performance.now();
      if (begun >= from && now <= until) times.push(now - begun);
      if (now < until) send();
      else {
        socket.destroy();
        resolve();
      }
    });
  });
}
