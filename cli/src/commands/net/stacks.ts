/** Stacks by key whose elements stop counting at any time; each holds at most about twice what still counts. */

const minLimit = 64;

type Stack<Element> = { elements: Element[]; limit: number };

export class Stacks<Element> {
  readonly #counts: (element: Element) => boolean;
  readonly #stacks = new Map<string, Stack<Element>>();

  constructor(counts: (element: Element) => boolean) {
    this.#counts = counts;
  }

  push(key: string, element: Element): void {
    let stack = this.#stacks.get(key);
    if (!stack) this.#stacks.set(key, (stack = { elements: [], limit: minLimit }));
    if (stack.elements.length >= stack.limit) {
      stack.elements = stack.elements.filter(this.#counts);
      stack.limit = Math.max(minLimit, 2 * stack.elements.length);
    }
    stack.elements.push(element);
  }

  /** The last that counts. */
  top(key: string): Element | undefined {
    this.settle(key);
    return this.#stacks.get(key)?.elements.at(-1);
  }

  /** To be called when an element of this key has stopped counting. */
  settle(key: string): void {
    const { elements } = this.#stacks.get(key) ?? { elements: [] };
    for (let last = elements.at(-1); last !== undefined && !this.#counts(last); last = elements.at(-1))
      elements.pop();
    if (elements.length === 0) this.#stacks.delete(key);
  }
}
