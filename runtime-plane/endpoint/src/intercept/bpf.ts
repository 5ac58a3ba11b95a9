/** Classic BPF (linux/filter.h, linux/bpf_common.h), assembled from named targets. */

const LD_W_ABS = 0x20;
const RET = 0x06;
/** Jump if equal, if greater or equal, if any bit is set. */
export const JMP_JEQ = 0x15;
export const JMP_JGE = 0x35;
export const JMP_JSET = 0x45;

type Jump = { readonly code: number; readonly k: number; readonly yes: string; readonly no: string };
type Instruction = { readonly code: number; readonly k: number } | Jump | { readonly label: string };

/** A program with named targets; every rule begins with the call number in the accumulator. */
export class Assembler {
  readonly #code: Instruction[] = [];
  #labels = 0;

  load(offset: number): void {
    this.#code.push({ code: LD_W_ABS, k: offset });
  }
  ret(value: number): void {
    this.#code.push({ code: RET, k: value });
  }
  label(label: string): void {
    this.#code.push({ label });
  }
  fresh(): string {
    this.#labels += 1;
    return `l${this.#labels}`;
  }
  jump(code: number, k: number, yes: string, no: string): void {
    this.#code.push({ code, k: k >>> 0, yes, no });
  }

  /** Only when the accumulator holds this number: `body` must return on every path. */
  when(number: number | undefined, body: () => void): void {
    if (number === undefined) return;
    const [mine, next] = [this.fresh(), this.fresh()];
    this.jump(JMP_JEQ, number, mine, next);
    this.label(mine);
    body();
    this.label(next);
  }

  bytes(): Buffer {
    const at = new Map<string, number>();
    let length = 0;
    for (const item of this.#code) {
      if ('label' in item) at.set(item.label, length);
      else length += 1;
    }
    const out = Buffer.alloc(length * 8);
    let index = 0;
    for (const item of this.#code) {
      if ('label' in item) continue;
      out.writeUInt16LE(item.code, index * 8);
      if ('yes' in item) {
        out.writeUInt8(distance(at, item.yes, index), index * 8 + 2);
        out.writeUInt8(distance(at, item.no, index), index * 8 + 3);
      }
      out.writeUInt32LE(item.k >>> 0, index * 8 + 4);
      index += 1;
    }
    return out;
  }
}

function distance(at: ReadonlyMap<string, number>, label: string, index: number): number {
  const target = at.get(label);
  if (target === undefined || target <= index || target - index - 1 > 255)
    throw new Error(`filter: jump to ${label} out of reach`);
  return target - index - 1;
}
