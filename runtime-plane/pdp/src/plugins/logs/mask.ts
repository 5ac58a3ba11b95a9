/** Takes out of an event, or writes over, what `data.system.log.mask` names. */
import { isArray, isPlain, marshal, parseJson, RegoSet, type Value } from '@chaperone/rego';
import type { LogEvent } from './event.ts';

type Rule = { readonly op: 'remove' | 'upsert'; readonly parts: readonly string[]; readonly value: Value };

/** A mask that cannot be understood: nothing of the event may be shown. */
export class BadMask extends Error {
  override readonly name = 'BadMask';
}

const maskable = ['input', 'result', 'nd_builtin_cache'];

/** @param mask the value of the mask decision. Throws BadMask */
export function maskEvent(event: LogEvent, mask: Value): LogEvent {
  const rules = parseMask(mask);
  const erased: string[] = [];
  const masked: string[] = [];
  let changed = event;
  for (const { op, parts, value } of rules) {
    const [top = '', ...rest] = parts;
    const before = Object.hasOwn(changed, top) ? changed[top] : undefined;
    if (before === undefined) continue;
    const after =
      op === 'remove'
        ? removed(exact(before), rest)
        : rest.length === 0
          ? value
          : written(exact(before), rest, value);
    if (after === unchanged) continue;
    (op === 'remove' ? erased : masked).push(`/${parts.map(encodeURIComponent).join('/')}`);
    const { [top]: _, ...others } = changed;
    changed = after === undefined ? others : { ...changed, [top]: after };
  }
  return {
    ...changed,
    ...(erased.length === 0 ? {} : { erased }),
    ...(masked.length === 0 ? {} : { masked }),
  };
}

function parseMask(mask: Value): Rule[] {
  const items = mask instanceof RegoSet ? exact(mask) : mask;
  if (!isArray(items)) throw new BadMask('the mask is neither a set nor a list');
  return items.map((item): Rule => {
    if (typeof item === 'string') return { op: 'remove', parts: partsOf(item), value: null };
    if (!isPlain(item)) throw new BadMask('a mask is neither a path nor an object');
    const member = (name: string): Value | undefined => (Object.hasOwn(item, name) ? item[name] : undefined);
    const [op, path] = [member('op'), member('path')];
    if (op !== 'remove' && op !== 'upsert')
      throw new BadMask(`mask op is not supported: ${marshal(op ?? null)}`);
    if (typeof path !== 'string') throw new BadMask('a mask has no path');
    return { op, parts: partsOf(path), value: exact(member('value') ?? null) };
  });
}

function partsOf(path: string): string[] {
  if (!path.startsWith('/')) throw new BadMask(`mask must be slash-prefixed: ${path}`);
  const parts = path.slice(1).split('/');
  if (!maskable.includes(parts[0] ?? '')) throw new BadMask(`mask prefix not allowed: ${parts[0] ?? ''}`);
  return parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw new BadMask(`mask has a broken escape: ${path}`);
    }
  });
}

/** As it will be written: sets are lists there. */
function exact(value: Value): Value {
  return isArray(value) || isPlain(value) || typeof value !== 'object' || value === null
    ? value
    : (parseJson(marshal(value)) ?? null);
}

const unchanged = Symbol('unchanged');

/** Undefined when nothing is left. */
function removed(value: Value, path: readonly string[]): Value | undefined | typeof unchanged {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  if (isArray(value)) {
    const index = indexOf(value, name);
    if (index === null) return unchanged;
    const after = removed(exact(value[index] ?? null), rest);
    if (after === unchanged) return unchanged;
    return after === undefined ? value.toSpliced(index, 1) : value.with(index, after);
  }
  if (!isPlain(value) || !Object.hasOwn(value, name)) return unchanged;
  const after = removed(exact(value[name] ?? null), rest);
  if (after === unchanged) return unchanged;
  const copy = copyOf(value);
  if (after === undefined) delete copy[name];
  else copy[name] = after;
  return copy;
}

function written(value: Value, path: readonly string[], fresh: Value): Value | typeof unchanged {
  const [name, ...rest] = path;
  if (name === undefined) return fresh;
  if (isArray(value)) {
    const index = indexOf(value, name);
    if (index === null) return unchanged;
    const after = written(exact(value[index] ?? null), rest, fresh);
    return after === unchanged ? unchanged : value.with(index, after);
  }
  if (!isPlain(value)) return unchanged;
  const before = Object.hasOwn(value, name) ? exact(value[name] ?? null) : {};
  const after = written(before, rest, fresh);
  if (after === unchanged) return unchanged;
  const copy = copyOf(value);
  copy[name] = after;
  return copy;
}

function indexOf(list: readonly Value[], name: string): number | null {
  const index = /^\d{1,9}$/.test(name) ? Number(name) : -1;
  return index >= 0 && index < list.length ? index : null;
}

/** Without prototype, so that `__proto__` is a key like any other. */
function copyOf(object: { readonly [key: string]: Value }): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, object);
}
