/** What is in the files that a question is about, looked at on this machine by the code that looks for a session. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { pathBytes, type WirePath } from '@chaperone/protocol';
import { type Content, type ContentRules, withPathLabels } from './context/content-facts.ts';
import { type ContentLookup, type ContentState, ContentUnread } from './context/content-lookup.ts';
import type { ContentScanner } from './context/content-scan.ts';
import { openScanner } from './session-content-scanner.ts';

const maxMs = 10_000;

export class QuestionContents {
  readonly #rules: ContentRules;
  readonly #known = new Map<string, Content | undefined>();
  #scanner: ContentScanner | undefined;

  constructor(rules: ContentRules) {
    this.#rules = rules;
  }

  /** @param isRead the act hands the content over */
  lookup(where: WirePath, isRead: boolean): ContentLookup {
    let state: ContentState = { kind: 'unasked' };
    const failed = (why: string): never => {
      state = { kind: 'failed', why };
      throw new ContentUnread(why);
    };
    return {
      get state() {
        return state;
      },
      facts: () => {
        const { path } = where;
        if (!this.#known.has(path)) this.#known.set(path, this.#look(where, failed));
        state = { kind: 'known' };
        return this.#known.get(path);
      },
      redact: (classes) => {
        if (!isRead) return failed('only what is opened for reading can be redacted');
        const fd = opened(where);
        if (fd === undefined) return failed('it cannot be opened');
        try {
          const made = this.#scan().redacted(fd, classes, maxMs);
          if (!made.ok)
            return failed(`a copy without what the policy wants removed cannot be made: ${made.why}`);
          closeSync(made.copy);
          return made.removed;
        } finally {
          closeSync(fd);
        }
      },
      secure() {},
    };
  }

  #look(where: WirePath, failed: (why: string) => never): Content | undefined {
    const fd = opened(where);
    if (fd === undefined) return failed('it could not be opened');
    try {
      if (!fstatSync(fd).isFile()) return undefined;
      const { content } = this.#scan().scan({ fd, leased: true, copy: false, maxMs });
      if (content.problems.includes('timeout')) return failed('it took too long');
      return withPathLabels(content, where.path, this.#rules);
    } finally {
      closeSync(fd);
    }
  }

  #scan(): ContentScanner {
    this.#scanner ??= openScanner(this.#rules, randomBytes(32));
    return this.#scanner;
  }
}

function opened(where: WirePath): number | undefined {
  try {
    return openSync(Buffer.from(pathBytes(where)), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
