/** How long the parts of a request took, under the names that the Open Policy Agent gives them. */
import type { Value } from '@chaperone/rego';

type Timer =
  | 'rego_input_parse'
  | 'rego_query_parse'
  | 'rego_query_compile'
  | 'rego_query_eval'
  | 'rego_module_compile'
  | 'server_handler'
  | 'server_read_bytes';

export class Timers {
  private readonly begun = new Map<Timer, bigint>();
  private readonly values: Record<string, number> = {};

  /** Keeps nothing when nobody will read it. */
  static when(wanted: boolean): Timers | undefined {
    return wanted ? new Timers() : undefined;
  }

  start(timer: Timer): void {
    this.begun.set(timer, process.hrtime.bigint());
  }

  stop(timer: Timer): void {
    const begun = this.begun.get(timer);
    if (begun !== undefined) this.values[`timer_${timer}_ns`] = Number(process.hrtime.bigint() - begun);
  }

  count(name: string, value: number): void {
    this.values[`counter_${name}`] = value;
  }

  all(): Value {
    return this.values;
  }
}
