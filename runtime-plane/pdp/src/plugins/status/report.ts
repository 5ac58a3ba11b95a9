/** Tells a service what state this server is in, when something has changed. */
import { marshal, type Value } from '@chaperone/rego';
import { backoff, type Clock } from '../clock.ts';
import type { StatusConfig } from '../config/sections.ts';
import { asciiJson } from '../logs/log.ts';
import type { ServiceClient } from '../service/client.ts';

export type ReportOptions = {
  readonly clock: Clock;
  readonly onNotice: (line: string) => void;
  readonly onConsole: (line: string) => void;
  /** The report as it is now. */
  readonly show: () => Value;
};

/** Changes that come together are one report. */
const settleMs = 50;
const maxRetryMs = 60_000;

export class StatusReport {
  readonly config: StatusConfig;
  private readonly client: ServiceClient | null;
  private readonly options: ReportOptions;
  private readonly stopped = new AbortController();
  private isChanged = false;
  private isTold = false;
  private running: Promise<void> | null = null;
  failures = 0;

  /** @param client null when nothing is sent */
  constructor(config: StatusConfig, client: ServiceClient | null, options: ReportOptions) {
    this.config = config;
    this.client = client;
    this.options = options;
  }

  /** Something is other than before. */
  changed(): void {
    this.isChanged = true;
    if (this.config.trigger === 'manual' || this.running !== null) return;
    this.running = this.run().finally(() => {
      this.running = null;
    });
  }

  /** @returns was the report taken? */
  async send(): Promise<boolean> {
    this.isChanged = false;
    const report = this.options.show();
    if (this.config.console) this.options.onConsole(lineOf(report));
    if (this.client === null) return true;
    try {
      const { status } = await this.client.ask({
        method: 'POST',
        path: this.config.resource,
        headers: { 'Content-Type': 'application/json' },
        body: marshal(report),
        maxBytes: 1024 * 1024,
        signal: this.stopped.signal,
      });
      if (status >= 200 && status < 300) return this.settle(null);
      return this.settle(`server replied with HTTP ${status}`);
    } catch (error) {
      return this.settle(error instanceof Error ? error.message : 'unknown error');
    }
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.stopped;
    for (let retries = 0; this.isChanged && !signal.aborted;) {
      await clock.sleep(retries === 0 ? settleMs : backoff(clock, retries, maxRetryMs), signal);
      if (signal.aborted) return;
      retries = (await this.send()) ? 0 : retries + 1;
      // Until one is taken, the newest state is what is owed.
      if (retries > 0) this.isChanged = true;
    }
  }

  private settle(why: string | null): boolean {
    if (why !== null) this.failures += 1;
    if (why !== null && !this.isTold && !this.stopped.signal.aborted)
      this.options.onNotice(`status report failed, it is sent again: ${why}`);
    this.isTold = why !== null;
    return why === null;
  }
}

function lineOf(report: Value): string {
  return asciiJson({
    ...(report as { readonly [name: string]: Value }),
    level: 'info',
    msg: 'Status Log',
    type: 'openpolicyagent.org/status',
  });
}
