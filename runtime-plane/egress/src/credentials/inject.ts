/** The secret in place of its placeholder: in one header, for the hosts that it belongs to, under TLS; nowhere else. */
import { isListed } from '../hosts.ts';
import type { Header, RequestHead } from '../http/desk.ts';
import type { Injection, KnownCredential } from '../wire.ts';

export type Injected = {
  readonly headers: readonly Header[];
  /** Those whose secrets are in them. */
  readonly credentials: readonly KnownCredential[];
};

export function inject(head: RequestHead, known: readonly KnownCredential[]): Injected {
  if (head.scheme !== 'https') return { headers: head.headers, credentials: [] };
  const usable = known.filter(({ injection }) => injection && isListed(head.host, injection.hosts));
  const used = new Set<KnownCredential>();
  const headers = head.headers.map((header): Header => {
    const [name, value] = header;
    for (const credential of usable) {
      const { injection } = credential;
      if (!injection || name.toLowerCase() !== injection.header) continue;
      const replaced = withSecret(value, injection);
      if (replaced === undefined) continue;
      used.add(credential);
      return [name, replaced];
    }
    return header;
  });
  return { headers, credentials: [...used] };
}

/** The whole value, what follows a scheme, or one part of Basic. */
function withSecret(value: string, { placeholder, secret }: Injection): string | undefined {
  const text = value.trim();
  if (text === placeholder) return secret;
  const [, scheme = '', space = '', rest = ''] = /^([A-Za-z0-9._~+/-]+)([ \t]+)(.*)$/s.exec(text) ?? [];
  if (rest === placeholder) return `${scheme}${space}${secret}`;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const plain = Buffer.from(rest, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  const [user, password] = [plain.slice(0, Math.max(0, colon)), plain.slice(colon + 1)];
  if (colon < 0 || (user !== placeholder && password !== placeholder)) return undefined;
  const own = (part: string): string => (part === placeholder ? secret : part);
  return `${scheme}${space}${Buffer.from(`${own(user)}:${own(password)}`).toString('base64')}`;
}

/** What asks for an answer that the secret could not be found in: coded, in ranges, or compressed frames. */
const hiding: ReadonlySet<string> = new Set([
  'accept-encoding',
  'range',
  'if-range',
  'sec-websocket-extensions',
  'a-im',
]);

/** For a far side that knows a secret of ours. */
export function answerable(headers: readonly Header[]): readonly Header[] {
  return [
    ...headers.filter(([name]) => !hiding.has(name.toLowerCase())),
    ['accept-encoding', 'identity'] as const,
  ];
}
