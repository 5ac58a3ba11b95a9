/** Counts for `/metrics`, in the Prometheus text format, under the names that the Open Policy Agent uses where it has them. */

const buckets = [0.000001, 0.000005, 0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.01, 0.1, 1] as const;

type Histogram = { readonly labels: string; readonly counts: number[]; sum: number; count: number };

export type Gauges = {
  /** Writes to policies and data since the start. */
  readonly generation: number;
  readonly policies: number;
  readonly connections: number;
};

export type Outcome = 'defined' | 'undefined' | 'error';

const methods = new Set(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);

export class Metrics {
  private readonly durations = new Map<string, Histogram>();
  private readonly decisions: Record<Outcome, number> = { defined: 0, undefined: 0, error: 0 };
  private readonly startedAt = Date.now() / 1000;
  private readonly version: string;

  constructor(version: string) {
    this.version = version;
  }

  /** @param label of the route, one of a few */
  request(label: string, method: string, status: number, seconds: number): void {
    const known = methods.has(method) ? method.toLowerCase() : 'other';
    const key = `${status}${known}${label}`;
    let histogram = this.durations.get(key);
    if (histogram === undefined) {
      const labels = `code="${status}",handler="${label}",method="${known}"`;
      histogram = { labels, counts: buckets.map(() => 0), sum: 0, count: 0 };
      this.durations.set(key, histogram);
    }
    histogram.sum += seconds;
    histogram.count += 1;
    for (let i = buckets.length - 1; i >= 0 && seconds <= (buckets[i] ?? 0); i -= 1)
      histogram.counts[i] = (histogram.counts[i] ?? 0) + 1;
  }

  decision(outcome: Outcome): void {
    this.decisions[outcome] += 1;
  }

  /** The whole text. @param more lines of others */
  show(gauges: Gauges, more: readonly string[]): string {
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return [
      ...family(
        'http_request_duration_seconds',
        'histogram',
        'A histogram of duration for requests.',
        [...this.durations.values()].toSorted((a, b) => (a.labels < b.labels ? -1 : 1)).flatMap(lines),
      ),
      ...family(
        'chaperone_pdp_decisions_total',
        'counter',
        'Documents that were asked for, by outcome.',
        Object.entries(this.decisions).map(
          ([outcome, n]) => `chaperone_pdp_decisions_total{outcome="${outcome}"} ${n}`,
        ),
      ),
      ...gauge(
        'chaperone_pdp_policy_generation',
        'Writes to policies and data since the start.',
        gauges.generation,
      ),
      ...gauge('chaperone_pdp_policies', 'Modules in force.', gauges.policies),
      ...gauge('chaperone_pdp_connections', 'Open connections.', gauges.connections),
      ...gauge(`chaperone_pdp_info{version="${this.version}"}`, 'The version that runs.', 1),
      ...gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', rss),
      ...gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', heapUsed),
      ...gauge('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.', external),
      ...family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', [
        `process_cpu_seconds_total ${(user + system) / 1e6}`,
      ]),
      ...gauge(
        'process_start_time_seconds',
        'Start time of the process since unix epoch in seconds.',
        this.startedAt,
      ),
      ...more,
      '',
    ].join('\n');
  }
}

function lines({ labels, counts, sum, count }: Histogram): string[] {
  const name = 'http_request_duration_seconds';
  return [
    ...buckets.map((bound, i) => `${name}_bucket{${labels},le="${showBound(bound)}"} ${counts[i] ?? 0}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

/** Go writes small numbers with two digits in the exponent. */
function showBound(bound: number): string {
  return bound < 0.0001 ? bound.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(bound);
}

function gauge(nameAndLabels: string, help: string, value: number): string[] {
  const name = nameAndLabels.replace(/\{.*$/, '');
  return family(name, 'gauge', help, [`${nameAndLabels} ${value}`]);
}

function family(name: string, type: string, help: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values];
}
