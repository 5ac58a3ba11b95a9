/** Answers with named parts, in the order in which they are added. */
import { marshal, type Value } from '@chaperone/rego';
import { escapeHtml, goJson, jsonReply, type Reply } from '../http/reply.ts';

export class Envelope {
  private readonly parts: string[] = [];
  private readonly pretty: boolean;

  constructor(pretty: boolean) {
    this.pretty = pretty;
  }

  add(name: string, value: Value): this {
    const text = this.pretty ? marshal(value, '  ', '\n', '  ') : marshal(value);
    this.parts.push(`"${name}":${this.pretty ? ' ' : ''}${text}`);
    return this;
  }

  /** A value whose keys keep their order. */
  addOrdered(name: string, value: unknown): this {
    const text = this.pretty ? goJson(value).replaceAll('\n', '\n  ') : escapeHtml(JSON.stringify(value));
    this.parts.push(`"${name}":${this.pretty ? ' ' : ''}${text}`);
    return this;
  }

  reply(status = 200): Reply {
    if (this.parts.length === 0) return jsonReply('{}', status);
    if (!this.pretty) return jsonReply(`{${this.parts.join(',')}}`, status);
    return jsonReply(`{\n  ${this.parts.join(',\n  ')}\n}`, status);
  }
}

/** A value alone. */
export function valueReply(value: Value, pretty: boolean): Reply {
  return jsonReply(pretty ? marshal(value, '  ', '\n') : marshal(value));
}
