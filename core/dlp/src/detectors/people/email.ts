/** Mail addresses in documents. */
import type { Detector } from '../../detector.ts';
import { list } from './letters.ts';

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";

/** Names that end in these are files, units of systemd and packages, not hosts. */
const notDomains: ReadonlySet<string> = new Set(
  list(
    'png|jpg|jpeg|gif|svg|webp|css|js|mjs|ts|tsx|json|html|xml|yaml|yml|service|socket|timer|target|slice|mount|path|device|scope|local|localdomain|localhost|lan|internal|invalid|conf|so|dll|exe|tar|gz|zip',
  ),
);

/** Users that are programs, and words of documentation for any address. */
const notPeople: ReadonlySet<string> = new Set(
  list(
    'git|hg|svn|root|user|username|you|your-name|your_name|your.name|yourname|your-email|your_email|your.email|youremail|name|email|foo|bar|someone|somebody|noreply|no-reply|do-not-reply|mailer-daemon|postmaster',
  ),
);
const longestOfThem = 'mailer-daemon'.length;
/** In a domain with the `@` before it (RFC 2606). */
const example = /[@.]example(?:\.|$)/i;
const ofNobody = { alone: 65, supported: 65, why: 'of nobody in particular' } as const;

export const email: Detector = {
  id: 'email',
  class: 'pii.email',
  name: 'E-mail address',
  token: 'EMAIL',
  find: { on: 'at' },
  pattern: new RegExp(
    `(?<![A-Za-z0-9!#$%&*+/?^_\`|~.\\x80-\\xff-])(?=[!#$%&'*+/=?^_\`{|}~.-]{0,63}[A-Za-z0-9])${atom}{1,64}(?:\\.${atom}{1,64}){0,6}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,8}(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,59})(?![A-Za-z0-9_@-]|\\.[A-Za-z0-9])`,
  ),
  check: (value) => {
    const at = value.lastIndexOf('@');
    if (at > 64 || value.length - at - 1 > 253) return false;
    if (notDomains.has(value.slice(value.lastIndexOf('.') + 1).toLowerCase())) return false;
    if (at <= longestOfThem && notPeople.has(value.slice(0, at).toLowerCase())) return ofNobody;
    return example.test(value.slice(at)) ? ofNobody : true;
  },
  confidence: { alone: 65, supported: 75 },
  context: list(
    'mail|contact|customer|patient|employee|phone|address|kontakt|correo|courriel|telefon|kunde|client|birth|first name|firstname|last name',
  ),
  source: 'RFC 5321, 4.1.2; RFC 1035, 2.3.1; RFC 5890',
};
