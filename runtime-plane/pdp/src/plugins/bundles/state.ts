/** What is known about one bundle, as the status report shows it. */
import { BundleError } from '@chaperone/policy/bundle';
import { PolicyError } from '@chaperone/policy';
import type { Value } from '@chaperone/rego';
import { ModulesRefused } from '../../store/errors.ts';
import { type Clock, never, timestamp } from '../clock.ts';
import { type Download, StatusError } from './download.ts';

type Reason = { readonly code: string; readonly message: string; readonly location?: Value };

export class BundleState {
  readonly name: string;
  private readonly clock: Clock;
  private revision: string | null = null;
  private activatedAt: string = never;
  private downloadedAt: string = never;
  private succeededAt: string = never;
  private requestedAt: string = never;
  private size = 0;
  private requestNs: number | null = null;
  private problem: { message: string; status: number | null; errors: readonly Reason[] } | null = null;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.clock = clock;
  }

  /** Has it been in force at least once? */
  get isActive(): boolean {
    return this.activatedAt !== never;
  }

  get activeRevision(): string | null {
    return this.revision;
  }

  get message(): string | null {
    return this.problem?.message ?? null;
  }

  answered({ bytes, tookMs }: Download): void {
    const now = this.now();
    this.requestedAt = now;
    this.succeededAt = now;
    this.requestNs = Math.round(tookMs * 1_000_000);
    if (bytes === null) return;
    this.downloadedAt = now;
    this.size = bytes.length;
  }

  failed(error: unknown, tookMs: number): void {
    this.requestedAt = this.now();
    this.requestNs = Math.round(tookMs * 1_000_000);
    this.refused(error);
  }

  /** What was downloaded is not in force. */
  refused(error: unknown): void {
    const errors = reasonsOf(error);
    const message = error instanceof Error ? error.message : 'unknown error';
    this.problem = { message, status: error instanceof StatusError ? error.status : null, errors };
  }

  activated(revision: string): void {
    this.revision = revision;
    this.activatedAt = this.now();
    this.problem = null;
  }

  unchanged(): void {
    this.problem = null;
  }

  show(): Value {
    const { problem } = this;
    return {
      name: this.name,
      ...(this.revision === null || this.revision === '' ? {} : { active_revision: this.revision }),
      last_successful_activation: this.activatedAt,
      ...(this.size === 0 ? {} : { type: 'snapshot', size: this.size }),
      last_successful_download: this.downloadedAt,
      last_successful_request: this.succeededAt,
      last_request: this.requestedAt,
      ...(problem === null
        ? {}
        : {
            code: 'bundle_error',
            message: problem.message,
            ...(problem.errors.length === 0 ? {} : { errors: problem.errors as readonly Value[] }),
            ...(problem.status === null ? {} : { http_code: problem.status }),
          }),
      ...(this.requestNs === null ? {} : { metrics: { timer_bundle_request_ns: this.requestNs } }),
    };
  }

  private now(): string {
    return timestamp(this.clock.now());
  }
}

function reasonsOf(error: unknown): Reason[] {
  if (error instanceof ModulesRefused)
    return error.reasons.errors.map(({ code, reason, file, row, col }) => ({
      code,
      message: reason,
      location: { file, row, col },
    }));
  if (error instanceof PolicyError)
    return error.problems.map(({ code = error.code, message }) => ({ code, message }));
  return error instanceof BundleError ? [{ code: error.code, message: error.message }] : [];
}
