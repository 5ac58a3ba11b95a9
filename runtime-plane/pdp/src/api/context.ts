/** What the handlers share. */
import type { Host, Value } from '@chaperone/rego';
import type { Decisions } from '../decisions/api.ts';
import type { BodyReader } from '../http/body.ts';
import type { Metrics } from '../metrics/registry.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type { Store } from '../store/store.ts';

export type Context = {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly bodies: BodyReader;
  /** What built-ins may use. */
  readonly host: Host;
  readonly version: string;
  /** What `/v1/config` shows. */
  readonly config: Value;
  /** Slash-separated path of the document that `POST /` asks for. */
  readonly defaultDecision: string;
  readonly authorizationDecision: string;
  /** Makes the ids of decisions; answers have none when absent. */
  readonly newDecisionId: (() => string) | undefined;
  readonly plugins: Plugins;
  /** Decisions as acts; absent when the server has none. */
  readonly decisions?: Decisions | undefined;
  readonly openConnections: () => Promise<number>;
};
