/** Is this a host name, loosely: labels of visible characters? A constraint may begin with a dot; nothing at all is a name, too. */
export function isDomain(text: string, asConstraint: boolean): boolean {
  if (text === '') return true;
  if (text.endsWith('.')) return false;
  const name = asConstraint && text.startsWith('.') ? text.slice(1) : text;
  return name.split('.').every((label) => /^[!-~]+$/.test(label));
}

/** A mail address in its two halves. */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** The halves of a mail address (RFC 2821, 4.1.2); null when it is none. */
export function parseMailbox(text: string): Mailbox | null {
  const quoted =
    /^"((?:[\u0001-\u0008\u000b\u000c\u000e-!#-[\]-\u007f]|\\[\u0001-\u0009\u000b\u000c\u000e-\u007f])*)"@(.*)$/s.exec(
      text,
    );
  const plain = /^((?:\\?[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|\\.)+)@(.*)$/s.exec(text);
  const found = quoted ?? plain;
  if (found === null) return null;
  const [, local = '', domain = ''] = found;
  const name = local.replaceAll(/\\(.)/gs, '$1');
  if (quoted === null && (name.startsWith('.') || name.endsWith('.') || name.includes('..'))) return null;
  const isHost = domain === '' || (!domain.endsWith('.') && isDomain(domain, false));
  return isHost ? { local: name, domain } : null;
}
