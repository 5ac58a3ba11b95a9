/** The variables of one call. Slot 0 is the frame around it, slot 1 what it returns. */
export type Frame = unknown[];

export const AROUND = 0;
export const RETURNED = 1;
/** The first parameter. */
export const FIRST = 2;

/** Where a variable is: that many frames outwards, in that slot. */
export interface Place {
  readonly up: number;
  readonly slot: number;
}

/** The names of one function, or of the whole program, while its closures are made. */
export class Names {
  readonly around: Names | null;
  private readonly blocks: Map<string, number>[] = [new Map<string, number>()];
  private readonly undeclared = new Set<string>();
  private count = FIRST;

  constructor(around: Names | null) {
    this.around = around;
  }

  /** Slots that a frame needs. */
  get size(): number {
    return this.count;
  }

  open(): void {
    this.blocks.push(new Map());
  }

  close(): void {
    this.blocks.pop();
  }

  declare(name: string): number {
    const block = this.blocks.at(-1);
    // A function of the program may be used above the line that declares it.
    const known = this.around === null ? block?.get(name) : undefined;
    if (known !== undefined) {
      this.undeclared.delete(name);
      return known;
    }
    const slot = this.count;
    this.count += 1;
    block?.set(name, slot);
    this.undeclared.delete(name);
    return slot;
  }

  /** Throws Error when a name was found that nothing declares, such as a global one. */
  assertDeclared(): void {
    for (const name of this.undeclared) throw new Error(`not generated code: nothing declares ${name}`);
  }

  find(name: string): Place {
    for (let i = this.blocks.length - 1; i >= 0; i -= 1) {
      const slot = this.blocks[i]?.get(name);
      if (slot !== undefined) return { up: 0, slot };
    }
    if (this.around === null) {
      const slot = this.declare(name);
      this.undeclared.add(name);
      return { up: 0, slot };
    }
    const found = this.around.find(name);
    return { up: found.up + 1, slot: found.slot };
  }
}

/** A frame of that many slots; to copy one is the fastest way to make one. */
export function emptyFrame(size: number): Frame {
  return Array.from({ length: size }, () => undefined);
}
