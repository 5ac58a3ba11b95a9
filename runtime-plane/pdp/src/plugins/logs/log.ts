/** The decision log: what is decided is masked, shown, kept and sent. */
import { marshal, type Value } from '@chaperone/rego';
import { evaluatePlan } from '../../query/document.ts';
import type { Version } from '../../store/version.ts';
import { type Clock, timestamp } from '../clock.ts';
import type { LogsConfig } from '../config/sections.ts';
import type { ServiceClient } from '../service/client.ts';
import { bareEvent, type Decision, eventOf, type LogEvent } from './event.ts';
import { maskEvent } from './mask.ts';
import { EventBuffer } from './buffer.ts';
import { Uploader } from './upload.ts';

export type LogOptions = {
  readonly clock: Clock;
  readonly labels: () => Readonly<Record<string, string>>;
  readonly onNotice: (line: string) => void;
  /** Gets one line of ASCII for each decision, when the configuration wants it. */
  readonly onConsole: (line: string) => void;
  /** An upload went otherwise than the one before. */
  readonly onChange: () => void;
};

export type LogCounts = {
  /** Sent, or shown where nothing is sent. */
  readonly logged: number;
  readonly droppedBuffer: number;
  readonly droppedRate: number;
  readonly droppedSize: number;
  /** Logged without input and result, because a mask or drop rule failed. */
  readonly maskFailures: number;
  readonly chunks: number;
  readonly failures: number;
  readonly waiting: number;
};

export class DecisionLog {
  readonly config: LogsConfig;
  private readonly options: LogOptions;
  private readonly buffer: EventBuffer;
  private readonly uploader: Uploader | null;
  private logged = 0;
  private droppedRate = 0;
  private maskFailures = 0;
  private lastTrouble = '';
  /** How many decisions may still be logged, and when that was true. */
  private allowance: { left: number; at: number };

  /** @param client null when nothing is sent */
  constructor(config: LogsConfig, client: ServiceClient | null, options: LogOptions) {
    this.config = config;
    this.options = options;
    this.buffer = new EventBuffer({ bytes: config.bufferLimitBytes, events: config.bufferLimitEvents });
    this.uploader = client === null ? null : new Uploader(config, client, this.buffer, options);
    this.allowance = { left: config.maxPerSecond ?? 0, at: options.clock.now() };
  }

  start(): void {
    this.uploader?.start();
  }

  /** Never throws: a decision stands whether it can be logged or not. */
  log(decision: Decision): void {
    const { config, options } = this;
    const event = eventOf(decision, options.labels(), options.clock.now(), config.headers);
    try {
      const masked = this.masked(event, decision.version);
      if (masked !== null) this.add(masked);
    } catch (error) {
      // A caller who makes the mask fail must neither be left out of the log nor fill it with secrets.
      this.maskFailures += 1;
      this.add(bareEvent(event));
      const why = error instanceof Error ? error.message : 'unknown error';
      if (why !== this.lastTrouble)
        options.onNotice(
          `a decision was logged without input and result, because its mask or drop rule failed: ${why}`,
        );
      this.lastTrouble = why;
    }
  }

  /** Sends what is there. @returns did it go well? */
  flush(): Promise<boolean> {
    return this.uploader?.flush() ?? Promise.resolve(true);
  }

  /** Sends what is left, for at most so long. */
  async stop(graceMs: number): Promise<void> {
    await this.uploader?.stop(graceMs);
    if (this.buffer.length > 0)
      this.options.onNotice(`${this.buffer.length} decisions could not be sent to the log`);
  }

  /** Hands what waits to the log that takes this one's place. */
  async handOver(next: DecisionLog | null): Promise<void> {
    await this.uploader?.stop(0);
    if (next?.uploader) next.buffer.unshift(this.buffer.take(Infinity));
  }

  get counts(): LogCounts {
    const { chunks = 0, failures = 0, tooLarge = 0 } = this.uploader ?? {};
    return {
      logged: this.logged,
      droppedBuffer: this.buffer.dropped,
      droppedRate: this.droppedRate,
      droppedSize: tooLarge,
      maskFailures: this.maskFailures,
      chunks,
      failures,
      waiting: this.buffer.length,
    };
  }

  /** As in the status report. */
  show(): Value {
    return this.uploader?.problem ?? {};
  }

  /** Null when it is not to be logged. Throws when the policy does not say what is to be shown. */
  private masked(event: LogEvent, version: Version): LogEvent | null {
    const { maskDecision, dropDecision } = this.config;
    if (evaluatePlan(version.plan(dropDecision), event) === true) return null;
    const mask = evaluatePlan(version.plan(maskDecision), event);
    return mask === undefined ? event : maskEvent(event, mask);
  }

  private add(event: LogEvent): void {
    const { config, options } = this;
    if (config.console) options.onConsole(consoleLine(event, options.clock.now()));
    this.logged += 1;
    if (this.uploader === null) return;
    if (!this.hasAllowance()) {
      this.droppedRate += 1;
      return;
    }
    this.buffer.push(Buffer.from(marshal(event), 'utf8'));
    this.uploader.nudge();
  }

  private hasAllowance(): boolean {
    const { maxPerSecond } = this.config;
    if (maxPerSecond === undefined) return true;
    const now = this.options.clock.now();
    const { left, at } = this.allowance;
    const earned = Math.min(maxPerSecond, left + ((now - at) / 1000) * maxPerSecond);
    this.allowance = { left: Math.max(earned - 1, earned < 1 ? earned : 0), at: now };
    return earned >= 1;
  }
}

/** What comes from callers stays inside of its JSON string, and cannot control a terminal. */
function consoleLine(event: LogEvent, nowMs: number): string {
  return asciiJson({
    ...event,
    level: 'info',
    msg: 'Decision Log',
    time: timestamp(Math.floor(nowMs / 1000) * 1000),
    type: 'openpolicyagent.org/decision_logs',
  });
}

/** JSON in one line of printable ASCII. */
export function asciiJson(value: Value): string {
  return marshal(value).replaceAll(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
