/** Asks for one bundle again and again, and hands on what is new. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { defaultLimits } from '@chaperone/policy/bundle';
import { backoff, type Clock } from '../clock.ts';
import type { BundleConfig } from '../config/sections.ts';
import type { ServiceClient } from '../service/client.ts';
import { ServiceError } from '../service/exchange.ts';

/** The server answered, but not with a bundle. */
export class StatusError extends ServiceError {
  readonly status: number;

  constructor(status: number, phrase: string) {
    super(`server replied with ${phrase || status}`);
    this.status = status;
  }
}

export type Download = {
  /** Null when it is what we have. */
  readonly bytes: Uint8Array | null;
  readonly etag: string;
  /** Milliseconds that the request took. */
  readonly tookMs: number;
};

export type Receiver = {
  /** Takes effect before it returns. @returns false when it was refused and must be sent again */
  readonly take: (download: Download) => Promise<boolean>;
  readonly fail: (error: unknown, tookMs: number) => void;
};

const longPolling = 'application/vnd.openpolicyagent.bundles';

export class Downloader {
  private readonly config: BundleConfig;
  private readonly client: ServiceClient | null;
  private readonly clock: Clock;
  private readonly receiver: Receiver;
  private readonly stopped = new AbortController();
  private etag = '';
  /** Does the server keep us waiting until there is something new? */
  private isLong: boolean;
  private loop: Promise<void> = Promise.resolve();
  /** The last attempt: they come one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  /** @param client null for a file */
  constructor(config: BundleConfig, client: ServiceClient | null, clock: Clock, receiver: Receiver) {
    this.config = config;
    this.client = client;
    this.clock = clock;
    this.receiver = receiver;
    this.isLong = config.polling.longPollingSeconds !== undefined;
  }

  start(): void {
    if (this.config.trigger !== 'manual') this.loop = this.run();
  }

  /** Asks once, now. @returns did it go well? */
  once(): Promise<boolean> {
    const attempt = this.last.then(() => this.attempt());
    this.last = attempt;
    return attempt;
  }

  /** What was under way has no effect any more. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
    await this.last;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    const { minDelayMs, maxDelayMs } = this.config.polling;
    for (let retries = 0; !signal.aborted;) {
      const isGood = await this.once();
      if (signal.aborted) return;
      retries = isGood ? 0 : retries + 1;
      const spread = minDelayMs + (maxDelayMs - minDelayMs) * this.clock.random();
      const wait = !isGood ? backoff(this.clock, retries - 1, maxDelayMs) : this.isLong ? 0 : spread;
      // A server that answers long polls at once would otherwise be asked without a pause.
      await this.clock.sleep(Math.max(wait, 10), signal);
    }
  }

  private async attempt(): Promise<boolean> {
    const begun = this.clock.now();
    try {
      const download = await (this.client === null ? this.readFile() : this.request(this.client));
      if (this.stopped.signal.aborted) return false;
      const isTaken = await this.receiver.take(download);
      // What was refused is asked for again as a whole: the server may have sent it damaged.
      this.etag = isTaken ? download.etag : '';
      return isTaken;
    } catch (error) {
      if (this.stopped.signal.aborted) return false;
      this.isLong = this.config.polling.longPollingSeconds !== undefined;
      this.etag = '';
      this.receiver.fail(error, this.clock.now() - begun);
      return false;
    }
  }

  private async request(client: ServiceClient): Promise<Download> {
    const { resource, polling } = this.config;
    const begun = this.clock.now();
    const seconds = this.isLong ? polling.longPollingSeconds : undefined;
    const { status, phrase, headers, body } = await client.ask({
      method: 'GET',
      path: resource,
      headers: {
        Prefer: `modes=snapshot${seconds === undefined ? '' : `;wait=${seconds}`}`,
        ...(this.etag === '' ? {} : { 'If-None-Match': this.etag }),
      },
      maxBytes: this.maxBytes,
      waitMs: (seconds ?? 0) * 1000,
      signal: this.stopped.signal,
    });
    const tookMs = this.clock.now() - begun;
    if (status !== 200 && status !== 304) throw new StatusError(status, phrase);
    this.isLong = polling.longPollingSeconds !== undefined && headers['content-type'] === longPolling;
    if (status === 304) return { bytes: null, etag: headers.etag ?? this.etag, tookMs };
    return { bytes: body, etag: headers.etag ?? '', tookMs };
  }

  private async readFile(): Promise<Download> {
    const begun = this.clock.now();
    const { resource } = this.config;
    try {
      const { size } = await stat(resource);
      if (size > this.maxBytes) throw new ServiceError(`${resource} is longer than ${this.maxBytes} bytes`);
      const bytes = await readFile(resource);
      const etag = createHash('sha256').update(bytes).digest('hex');
      return { bytes: etag === this.etag ? null : bytes, etag, tookMs: this.clock.now() - begun };
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      throw new ServiceError(`cannot read ${resource} (${why})`, { cause: error });
    }
  }

  private get maxBytes(): number {
    return this.config.sizeLimitBytes ?? defaultLimits.archiveBytes;
  }
}
