/** Ways to answer badly, and the answer of a Chaperone decision point. */
import { allow, type Behaviour, wire } from './servers.ts';

export const noRetry = { retries: { attempts: 1 } } as const;
export const deny = { result: { allow: false, reason: 'secret_store', message: 'Not yours.' } };

/** A good one, with changes. */
export function own(changes: Readonly<Record<string, unknown>>): unknown {
  const result = {
    allow: true,
    effect: 'allow',
    reason: 'policy',
    message: 'Fine.',
    obligations: [],
    carried_out: [{ kind: 'notify' }],
    rules: ['r1'],
    revision: 'r',
    mode: 'enforce',
    decision_id: 'd-1',
    ...changes,
  };
  return { decision_id: 'd-1', result };
}

export const hang: Behaviour = () => undefined;
export const reset: Behaviour = (socket) => socket.resetAndDestroy();
export const cut: Behaviour = (socket) => {
  socket.write(wire(200, JSON.stringify(allow)).subarray(0, -3), () => socket.resetAndDestroy());
};
export const cutClean: Behaviour = (socket) =>
  void socket.end(wire(200, JSON.stringify(allow)).subarray(0, -3));
export const drip: Behaviour = (socket) => {
  const bytes = wire(200, JSON.stringify(allow));
  let at = 0;
  const timer = setInterval(() => {
    if (at >= bytes.length || socket.destroyed) return clearInterval(timer);
    socket.write(bytes.subarray(at, (at += 1)));
  }, 100);
};
export const endless: Behaviour = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
  const spaces = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  const more = (): void => void (socket.destroyed || socket.write(spaces, () => setImmediate(more)));
  more();
};
export const raw = (text: string): Behaviour => {
  return (socket) => void socket.write(wire(200, text));
};
