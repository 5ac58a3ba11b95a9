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
const notPeople =
  /^(?:git|hg|svn|root|user|username|you|your[._-]?name|your[._-]?email|name|email|foo|bar|someone|somebody|noreply|no-reply|do-not-reply|mailer-daemon|postmaster)$/i;

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
    const [user, domain] = [value.slice(0, at), value.slice(at + 1).toLowerCase()];
    if (user.length > 64 || domain.length > 253 || notDomains.has(domain.slice(domain.lastIndexOf('.') + 1)))
      return false;
    if (notPeople.test(user) || /(?:^|\.)example(?:\.|$)/.test(domain))
      return { alone: 65, supported: 65, why: 'of nobody in particular' };
    return true;
  },
  confidence: { alone: 65, supported: 75 },
  context: list(
    'mail|contact|customer|patient|employee|phone|address|kontakt|correo|courriel|telefon|kunde|client|birth|first name|firstname|last name',
  ),
  source: 'RFC 5321, 4.1.2; RFC 1035, 2.3.1; RFC 5890',
};
