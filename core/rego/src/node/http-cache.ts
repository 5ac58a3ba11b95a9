import type { HttpRequest, HttpResponse } from '../host.ts';

const MAX_ENTRIES = 256;
const MAX_BYTES = 64 * 1024 * 1024;
/** Answers with these statuses may be kept. Source: RFC 9110 §15.1 */
const KEPT: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501]);

interface Entry {
  readonly response: HttpResponse;
  readonly expiresAt: number;
}

/** Answers that later evaluations may use again. The oldest go first. */
export class HttpCache {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  get(request: HttpRequest): HttpResponse | undefined {
    if (request.cache === null) return undefined;
    const key = keyOf(request);
    const found = this.entries.get(key);
    if (found !== undefined && found.expiresAt > Date.now()) return found.response;
    this.drop(key);
    return undefined;
  }

  put(request: HttpRequest, response: HttpResponse): void {
    if (request.cache === null || !KEPT.has(response.statusCode)) return;
    const { lifetime } = request.cache;
    const seconds = lifetime === 'headers' ? freshness(response) : lifetime;
    if (seconds <= 0 || response.body.length > MAX_BYTES) return;
    const key = keyOf(request);
    this.drop(key);
    this.entries.set(key, { response, expiresAt: Date.now() + seconds * 1000 });
    this.bytes += response.body.length;
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= MAX_ENTRIES && this.bytes <= MAX_BYTES) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.bytes -= this.entries.get(key)?.response.body.length ?? 0;
    this.entries.delete(key);
  }
}

function keyOf({ cache, headers, ...rest }: HttpRequest): string {
  const counted = Object.entries(headers).filter(([name]) => cache?.ignoredHeaders.includes(name) !== true);
  return JSON.stringify([rest, counted.toSorted((a, b) => (a[0] < b[0] ? -1 : 1)), cache?.lifetime]);
}

/** Seconds for which the headers allow it to be kept. */
function freshness({ headers }: HttpResponse): number {
  const control = (headers['cache-control'] ?? []).join(',').toLowerCase();
  if (/\bno-store\b|\bno-cache\b|\bprivate\b/.test(control)) return 0;
  const age = /\bmax-age=(\d+)/.exec(control)?.[1];
  if (age !== undefined) return Number(age) - Number(headers['age']?.[0] ?? 0);
  const expires = Date.parse(headers['expires']?.[0] ?? '');
  const date = Date.parse(headers['date']?.[0] ?? '');
  return Number.isNaN(expires) ? 0 : (expires - (Number.isNaN(date) ? Date.now() : date)) / 1000;
}
