/** Questions of the gate, as runtime-plane/native/channel.c writes them. */
import { AskFrame, askHeadBytes, frame } from '../src/intercept/wire.ts';

export type Question = {
  readonly op: number;
  readonly sub?: number;
  readonly path?: string | Buffer;
  readonly secondPath?: string | Buffer;
  readonly extra?: string | Buffer;
  /** S_IFMT bits; with `links` the object exists. */
  readonly kind?: number;
  readonly links?: number;
  readonly size?: bigint;
  /** st_dev. */
  readonly device?: bigint;
};

export function anAsk(question: Question): AskFrame {
  const { op, sub = 0, kind = 0, links = 0, size = 0n, device = 0n } = question;
  const parts = [question.path, question.secondPath, '/usr/bin/agent', question.extra].map((part = '') =>
    Buffer.from(part),
  );
  const head = Buffer.alloc(askHeadBytes);
  head.writeUInt32LE(frame.ask, 0);
  head.writeUInt32LE(op, 4);
  head.writeBigUInt64LE(0x1234_5678_9abc_def0n, 8);
  head.writeUInt32LE(sub, 16);
  head.writeUInt32LE(4242, 20);
  head.writeUInt32LE(kind, 36);
  head.writeUInt32LE(0o644, 40);
  head.writeUInt32LE(1000, 44);
  head.writeUInt32LE(links, 48);
  for (const [index, offset] of [52, 56, 60, 96].entries())
    head.writeUInt32LE(parts[index]?.length ?? 0, offset);
  head.writeBigUInt64LE(device, 72);
  head.writeBigUInt64LE(size, 88);
  // What follows in the buffer belongs to an earlier, longer frame.
  return new AskFrame(Buffer.concat([head, ...parts, Buffer.from('/left/over/from/before')]));
}
