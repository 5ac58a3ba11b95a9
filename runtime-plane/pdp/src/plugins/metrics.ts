/** Counts of bundles, decision logs and status reports for `/metrics`. */
import type { BundleState } from './bundles/state.ts';
import type { LogCounts } from './logs/log.ts';

export function metricLines(
  bundles: readonly BundleState[],
  logs: LogCounts | null,
  statusFailures: number | null,
): string[] {
  const lines: string[] = [];
  if (bundles.length > 0) {
    lines.push(...head('bundle_active', 'gauge', 'Has the bundle been in force.'));
    for (const { name, isActive } of bundles)
      lines.push(`chaperone_pdp_bundle_active{name="${label(name)}"} ${isActive ? 1 : 0}`);
    lines.push(...head('bundle_failing', 'gauge', 'Did the last attempt to load the bundle fail.'));
    for (const { name, message } of bundles)
      lines.push(`chaperone_pdp_bundle_failing{name="${label(name)}"} ${message === null ? 0 : 1}`);
  }
  if (logs !== null) {
    const { logged, waiting, chunks, failures } = logs;
    lines.push(
      ...head('decision_log_events_total', 'counter', 'Decisions that were logged.'),
      `chaperone_pdp_decision_log_events_total ${logged}`,
      ...head('decision_log_dropped_total', 'counter', 'Decisions that are missing from the log, by reason.'),
      ...(['buffer', 'rate', 'size'] as const).map(
        (reason) => `chaperone_pdp_decision_log_dropped_total{reason="${reason}"} ${droppedBy(logs, reason)}`,
      ),
      ...head(
        'decision_log_mask_failures_total',
        'counter',
        'Decisions that were logged without input and result, because a mask or drop rule failed.',
      ),
      `chaperone_pdp_decision_log_mask_failures_total ${logs.maskFailures}`,
      ...head('decision_log_waiting', 'gauge', 'Decisions that are still to be sent.'),
      `chaperone_pdp_decision_log_waiting ${waiting}`,
      ...head('decision_log_uploads_total', 'counter', 'Chunks of the decision log, by outcome.'),
      `chaperone_pdp_decision_log_uploads_total{outcome="taken"} ${chunks}`,
      `chaperone_pdp_decision_log_uploads_total{outcome="failed"} ${failures}`,
    );
  }
  if (statusFailures !== null)
    lines.push(
      ...head('status_failures_total', 'counter', 'Status reports that were not taken.'),
      `chaperone_pdp_status_failures_total ${statusFailures}`,
    );
  return lines;
}

function droppedBy(counts: LogCounts, reason: 'buffer' | 'rate' | 'size'): number {
  switch (reason) {
    case 'buffer':
      return counts.droppedBuffer;
    case 'rate':
      return counts.droppedRate;
    case 'size':
      return counts.droppedSize;
  }
  return reason satisfies never;
}

function head(name: string, type: 'counter' | 'gauge', help: string): string[] {
  return [`# HELP chaperone_pdp_${name} ${help}`, `# TYPE chaperone_pdp_${name} ${type}`];
}

function label(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
