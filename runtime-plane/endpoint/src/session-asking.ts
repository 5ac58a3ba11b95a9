/**
 * Questions of the main thread to the decision loop. Those about requests, of which there may be thousands in a second, go in as few
 * messages as they fit into; whatever else is said is with the loop before anybody acts on it.
 */
import type { Kernel } from './intercept/kernel.ts';
import type { LoopQuestion } from './session-messages.ts';

const mayWait: ReadonlySet<LoopQuestion['kind']> = new Set(['egress', 'egress_ended']);

/** The loop's buffer takes twice as much, and a single question is never longer than that. */
const fullBytes = 32_768;

export function asking(kernel: Kernel, socket: number): (question: LoopQuestion) => void {
  let waiting: string[] = [];
  const send = (some: readonly string[]): void => {
    const bytes = Buffer.from(`[${some.join(',')}]`);
    kernel.send(socket, bytes, bytes.length);
  };
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    let [from, length] = [0, 0];
    for (const [index, { length: own }] of all.entries()) {
      if (length > 0 && length + own * 3 > fullBytes) {
        send(all.slice(from, index));
        [from, length] = [index, 0];
      }
      // No character takes more bytes than three.
      length += own * 3;
    }
    if (from < all.length) send(all.slice(from));
  };
  return (question) => {
    const length = waiting.push(JSON.stringify(question));
    if (!mayWait.has(question.kind)) flush();
    else if (length === 1) setImmediate(flush);
  };
}
