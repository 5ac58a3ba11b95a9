/** Sends chunks of the decision log, again and again until they are taken. */
import type { Value } from '@chaperone/rego';
import { backoff, type Clock } from '../clock.ts';
import type { LogsConfig } from '../config/sections.ts';
import type { ServiceClient } from '../service/client.ts';
import type { EventBuffer } from './buffer.ts';
import { type Chunk, Chunker } from './chunk.ts';

export type UploadOptions = {
  readonly clock: Clock;
  readonly onNotice: (line: string) => void;
  readonly onChange: () => void;
};

/** What a log service answers matters by its status alone. */
const maxAnswerBytes = 1024 * 1024;

export class Uploader {
  private readonly config: LogsConfig;
  private readonly client: ServiceClient;
  private readonly buffer: EventBuffer;
  private readonly options: UploadOptions;
  private readonly chunker: Chunker;
  /** Ends the waiting. */
  private readonly ended = new AbortController();
  /** Ends requests under way. */
  private readonly aborted = new AbortController();
  private awake = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private turn: Promise<unknown> = Promise.resolve();
  /** As the status report shows it; null when the last upload went well. */
  problem: Value | null = null;
  chunks = 0;
  failures = 0;

  constructor(config: LogsConfig, client: ServiceClient, buffer: EventBuffer, options: UploadOptions) {
    this.config = config;
    this.client = client;
    this.buffer = buffer;
    this.options = options;
    this.chunker = new Chunker(config.uploadLimitBytes);
  }

  get tooLarge(): number {
    return this.chunker.tooLarge;
  }

  start(): void {
    if (this.config.trigger !== 'manual') this.loop = this.run();
  }

  /** There is something to send. */
  nudge(): void {
    if (this.config.trigger === 'immediate') this.awake.abort();
  }

  /** One after the other, so that events stay in order. @returns did it go well? */
  flush(): Promise<boolean> {
    const turn = this.turn.then(() => this.sendAll());
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  async stop(graceMs: number): Promise<void> {
    this.ended.abort();
    const timer = setTimeout(() => this.aborted.abort(), graceMs);
    try {
      await this.loop;
      if (graceMs > 0) await this.flush();
      else this.aborted.abort();
      await this.turn;
    } finally {
      clearTimeout(timer);
      this.aborted.abort();
    }
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    const { minDelayMs, maxDelayMs, trigger } = this.config;
    for (let retries = 0; !this.ended.signal.aborted;) {
      const spread = minDelayMs + (maxDelayMs - minDelayMs) * clock.random();
      const wait = retries === 0 ? spread : backoff(clock, retries - 1, maxDelayMs);
      const canWake = trigger === 'immediate' && retries === 0;
      const signals = canWake ? [this.ended.signal, this.awake.signal] : [this.ended.signal];
      await clock.sleep(wait, AbortSignal.any(signals));
      if (this.ended.signal.aborted) return;
      if (this.awake.signal.aborted) this.awake = new AbortController();
      retries = (await this.flush()) ? 0 : retries + 1;
    }
  }

  private async sendAll(): Promise<boolean> {
    for (;;) {
      const chunk = await this.chunker.next(this.buffer);
      if (chunk === null) return true;
      const problem = await this.send(chunk);
      this.settle(problem);
      if (problem !== null) {
        this.buffer.unshift(chunk.events);
        return false;
      }
    }
  }

  private async send({ body }: Chunk): Promise<{ message: string; status: number | null } | null> {
    try {
      const { status, phrase } = await this.client.ask({
        method: 'POST',
        path: this.config.resource,
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body,
        maxBytes: maxAnswerBytes,
        signal: this.aborted.signal,
      });
      if (status >= 200 && status < 300) return null;
      return { message: `log upload failed, server replied with HTTP ${status} ${phrase}`.trimEnd(), status };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown error';
      return { message: `log upload failed: ${why}`, status: null };
    }
  }

  private settle(problem: { message: string; status: number | null } | null): void {
    const before = this.problem;
    if (problem === null) {
      this.chunks += 1;
      this.problem = null;
    } else {
      this.failures += 1;
      const { message, status } = problem;
      this.problem = {
        code: 'decision_log_error',
        message,
        ...(status === null ? {} : { http_code: String(status) }),
      };
      if (before === null) this.options.onNotice(`${message}; the decisions are kept and sent again`);
    }
    if ((before === null) !== (problem === null) || problem === null) this.options.onChange();
  }
}
