/** What the configuration asks for beside answering: bundles, decision logs, status, discovery. It may change while the server runs. */
import { randomUUID } from 'node:crypto';
import type { Host, Value } from '@chaperone/rego';
import type { Store } from '../store/store.ts';
import { BundleSet } from './bundles/set.ts';
import type { Clock } from './clock.ts';
import type { PluginConfig } from './config/config.ts';
import { showConfig } from './config/show.ts';
import { Discovery } from './discovery/discovery.ts';
import type { Decision } from './logs/event.ts';
import { DecisionLog } from './logs/log.ts';
import { metricLines } from './metrics.ts';
import { ServiceClient } from './service/client.ts';
import { StatusReport } from './status/report.ts';

export type PluginOptions = {
  readonly config: PluginConfig;
  readonly store: Store;
  readonly host: Host;
  readonly version: string;
  readonly isV0: boolean;
  readonly clock: Clock;
  readonly onNotice: (line: string) => void;
  readonly onConsole: (line: string) => void;
};

export type PluginState = 'OK' | 'NOT_READY' | 'ERROR';

export class Plugins {
  private readonly options: PluginOptions;
  private readonly id = randomUUID();
  private readonly bundles: BundleSet;
  private config: PluginConfig;
  private clients: ReadonlyMap<string, ServiceClient>;
  private decisionLog: DecisionLog | null;
  private report: StatusReport | null;
  private discovery: Discovery | null = null;
  private isStarted = false;

  constructor(options: PluginOptions) {
    const { config, store, clock, isV0, onNotice } = options;
    this.options = options;
    this.config = config;
    this.clients = this.clientsOf(config, new Map());
    this.bundles = new BundleSet({ store, clock, isV0, onNotice, onChange: () => this.changed() }, config);
    this.decisionLog = this.logOf(config);
    this.report = this.reportOf(config);
  }

  /** What the last run left behind is in force when this returns. */
  async restore(): Promise<void> {
    const { config: boot, clock, host, isV0, onNotice } = this.options;
    if (boot.discovery !== null) {
      const { service } = boot.discovery;
      this.discovery = new Discovery({
        boot,
        config: boot.discovery,
        client: service === null ? null : (this.clients.get(service) ?? null),
        clock,
        host: { ...host, runtime: { config: { labels: this.labels } } },
        isV0,
        apply: (config) => this.reconfigure(config),
        onNotice,
        onChange: () => this.changed(),
      });
      const config = await this.discovery.restore();
      if (config !== null) await this.reconfigure(config);
    }
    await this.bundles.restore();
  }

  /** Begins to ask and to tell. */
  start(): void {
    this.isStarted = true;
    this.bundles.start(this.clients);
    this.decisionLog?.start();
    this.discovery?.start();
    this.changed();
  }

  /** What is still to be told is told, for at most so long. */
  async stop(graceMs: number): Promise<void> {
    this.isStarted = false;
    await this.discovery?.stop();
    await this.bundles.stop();
    await this.decisionLog?.stop(graceMs);
    await this.report?.stop();
  }

  /** What `trigger: manual` waits for: asks for and sends everything once. */
  async trigger(): Promise<void> {
    await this.discovery?.trigger();
    await this.bundles.trigger();
    await this.decisionLog?.flush();
    await this.report?.send();
  }

  get logs(): boolean {
    return this.decisionLog !== null;
  }

  log(decision: Decision): void {
    this.decisionLog?.log(decision);
  }

  /** Slash-separated paths. */
  get defaultDecision(): string {
    return this.config.defaultDecision;
  }

  get authorizationDecision(): string {
    return this.config.authorizationDecision;
  }

  /** As `/v1/config` shows it. */
  shownConfig(): Value {
    return showConfig(this.config, this.labels);
  }

  /** As `/v1/status` shows it; null without a status report. */
  shownStatus(): Value | null {
    return this.report === null ? null : this.status();
  }

  /** Bundles that have never been in force. */
  get missingBundles(): readonly string[] {
    return this.bundles.missing.toSorted();
  }

  states(): Readonly<Record<string, PluginState>> {
    const { config, discovery } = this;
    return {
      ...(config.bundles.size === 0
        ? {}
        : { bundle: this.missingBundles.length === 0 ? ('OK' as const) : ('NOT_READY' as const) }),
      ...(config.decisionLogs === null ? {} : { decision_logs: 'OK' as const }),
      discovery: discovery === null || discovery.state.isActive ? 'OK' : 'NOT_READY',
      ...(config.status === null ? {} : { status: 'OK' as const }),
    };
  }

  /** In the Prometheus text format; nothing for what is not configured. */
  metrics(): string[] {
    return metricLines(this.bundles.all, this.decisionLog?.counts ?? null, this.report?.failures ?? null);
  }

  private get labels(): Readonly<Record<string, string>> {
    return { ...this.config.labels, id: this.id, version: this.options.version };
  }

  private status(): Value {
    const { decisionLog, discovery } = this;
    const counts = decisionLog?.counts;
    return {
      labels: this.labels,
      ...(this.config.bundles.size === 0 ? {} : { bundles: this.bundles.show() }),
      ...(discovery === null ? {} : { discovery: discovery.state.show() }),
      ...(decisionLog === null ? {} : { decision_logs: decisionLog.show() }),
      ...(counts === undefined
        ? {}
        : {
            metrics: {
              prometheus: {
                counter_decision_logs_chunks_uploaded: counts.chunks,
                counter_decision_logs_dropped_buffer_size_limit_exceeded: counts.droppedBuffer,
                counter_decision_logs_dropped_rate_limit_exceeded: counts.droppedRate,
                counter_decision_logs_encoding_failure: counts.droppedSize,
              },
            },
          }),
      plugins: Object.fromEntries(Object.entries(this.states()).map(([name, state]) => [name, { state }])),
    };
  }

  private changed(): void {
    if (this.isStarted) this.report?.changed();
  }

  private async reconfigure(config: PluginConfig): Promise<void> {
    const before = this.config;
    this.config = config;
    this.clients = this.clientsOf(config, this.clients);
    if (this.isStarted) await this.bundles.reconfigure(config, this.clients);
    else this.bundles.prepare(config);
    if (
      !same(before.decisionLogs, config.decisionLogs) ||
      this.isMoved(before, config.decisionLogs?.service)
    ) {
      const old = this.decisionLog;
      this.decisionLog = this.logOf(config);
      await old?.handOver(this.decisionLog);
      if (this.isStarted) this.decisionLog?.start();
    }
    if (!same(before.status, config.status) || this.isMoved(before, config.status?.service)) {
      const old = this.report;
      this.report = this.reportOf(config);
      await old?.stop();
    }
  }

  /** Is the service another one than before? */
  private isMoved(before: PluginConfig, service: string | null | undefined): boolean {
    if (service === null || service === undefined) return false;
    return !same(before.services.get(service), this.config.services.get(service));
  }

  private logOf({ decisionLogs }: PluginConfig): DecisionLog | null {
    if (decisionLogs === null) return null;
    const { clock, onNotice, onConsole } = this.options;
    const client = decisionLogs.service === null ? null : (this.clients.get(decisionLogs.service) ?? null);
    return new DecisionLog(decisionLogs, client, {
      clock,
      onNotice,
      onConsole,
      labels: () => this.labels,
      onChange: () => this.changed(),
    });
  }

  private reportOf({ status }: PluginConfig): StatusReport | null {
    if (status === null) return null;
    const { clock, onNotice, onConsole } = this.options;
    const client = status.service === null ? null : (this.clients.get(status.service) ?? null);
    return new StatusReport(status, client, { clock, onNotice, onConsole, show: () => this.status() });
  }

  /** Services that stay as they are keep what they know, such as access tokens. */
  private clientsOf(
    { services }: PluginConfig,
    before: ReadonlyMap<string, ServiceClient>,
  ): ReadonlyMap<string, ServiceClient> {
    const { version, clock } = this.options;
    return new Map(
      [...services].map(([name, service]) => {
        const known = before.get(name);
        return [
          name,
          known !== undefined && same(known.config, service)
            ? known
            : new ServiceClient(service, version, clock),
        ];
      }),
    );
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
