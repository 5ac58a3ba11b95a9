/** The configuration for others to see: without credentials, keys and headers, which may carry secrets. */
import { isArray, isPlain, type Value } from '@chaperone/rego';
import type { PluginConfig } from './config.ts';
import type { Plain } from './fields.ts';

/** @param labels those of the server included */
export function showConfig(config: PluginConfig, labels: Readonly<Record<string, string>>): Value {
  const { raw, defaultDecision, authorizationDecision } = config;
  const shown = Object.assign(Object.create(null) as Record<string, Value>, raw);
  if (raw['services'] !== undefined) shown['services'] = eachOf(raw['services'], ['credentials', 'headers']);
  if (raw['keys'] !== undefined) shown['keys'] = eachOf(raw['keys'], ['key', 'private_key']);
  return {
    ...shown,
    labels,
    default_decision: raw['default_decision'] ?? `/${defaultDecision}`,
    default_authorization_decision: raw['default_authorization_decision'] ?? `/${authorizationDecision}`,
  };
}

function eachOf(value: Value, secret: readonly string[]): Value {
  if (isArray(value)) return value.map((one) => without(one, secret));
  if (!isPlain(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, without(one, secret)]));
}

function without(value: Value, secret: readonly string[]): Value {
  if (!isPlain(value)) return null;
  const kept: Plain = Object.fromEntries(Object.entries(value).filter(([name]) => !secret.includes(name)));
  return kept;
}
