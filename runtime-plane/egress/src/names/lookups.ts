/** Answers of the nameservers, shared by those who ask at the same time and kept as long as they hold. */
import type { Response } from './response.ts';
import type { Upstream } from './upstream.ts';

const kept = 1024;
/** For names that do not exist, or have no such record. */
const emptyMs = 5_000;

type Entry = { readonly response: Response; readonly since: number; readonly until: number };

export class Lookups {
  readonly #upstream: Pick<Upstream, 'ask'>;
  readonly #clock: () => number;
  readonly #underWay = new Map<string, Promise<Response | undefined>>();
  /** The longest unused first. */
  readonly #entries = new Map<string, Entry>();

  constructor(upstream: Pick<Upstream, 'ask'>, clock: () => number) {
    this.#upstream = upstream;
    this.#clock = clock;
  }

  /** @returns with the TTLs that are left; undefined when no nameserver gave an answer */
  async find(host: string, codec: string): Promise<Response | undefined> {
    const key = `${codec} ${host}`;
    const entry = this.#entries.get(key);
    if (entry) {
      this.#entries.delete(key);
      const now = this.#clock();
      if (now < entry.until && now >= entry.since) {
        this.#entries.set(key, entry);
        return aged(entry.response, now - entry.since);
      }
    }
    const known = this.#underWay.get(key);
    if (known) return known;
    const asking = this.#upstream.ask(host, codec).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asking);
    const response = await asking;
    if (response) this.#keep(key, response);
    return response;
  }

  #keep(key: string, response: Response): void {
    const ttls = response.records.map(({ ttl }) => ttl * 1_000);
    const since = this.#clock();
    this.#entries.set(key, {
      response,
      since,
      until: since + (ttls.length > 0 ? Math.min(...ttls) : emptyMs),
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= kept) break;
      this.#entries.delete(oldest);
    }
  }
}

function aged({ rcode, records }: Response, ageMs: number): Response {
  const age = Math.floor(ageMs / 1_000);
  return { rcode, records: records.map((record) => ({ ...record, ttl: Math.max(1, record.ttl - age) })) };
}
