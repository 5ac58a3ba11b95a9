/** The classification, as the quarantine uses it. */
import { defaultLimits, redact, sourceOf } from '@chaperone/dlp';
import { BoundedNames, nodeDlpHost, scannerFor } from '@chaperone/dlp/node';
import { attributeLabels } from './context/attribute-labels.ts';
import { type ContentRules, contentOf, labelChange } from './context/content.ts';
import type { Inspector } from './enforce/quarantine/judge.ts';

const user = 'user.';
const newline = Buffer.from('\n');
/** The value of an attribute is of no format. */
const isUnread = (name: string): boolean => name.startsWith('unread.');

/** @param key the session's, so that a value has the same name in what is released as in what was handed over */
export function inspectorOf(rules: ContentRules, key: Uint8Array): Inspector {
  const names = new BoundedNames(key);
  const scanner = scannerFor(rules);
  return {
    inspect(content, { path }, xattrs) {
      const own = [...xattrs].filter(([name]) => name.startsWith(user));
      const attributes = attributeLabels(
        new Map(own.map(([name, value]) => [name.slice(user.length), value.toString('utf8')])),
      );
      const { classification, labels, findings } = contentOf(content, { path, rules, attributes }, scanner);
      if (own.length === 0) return { classification, labels, findings };
      // What an attribute holds goes out with the file.
      const beside = contentOf(
        sourceOf(Buffer.concat(own.flatMap(([name, value]) => [Buffer.from(`${name}\n`), value, newline]))),
        { path, rules },
        scanner,
      );
      const seen = beside.findings.filter((one) => !isUnread(one.class));
      return {
        classification: [
          ...new Set([...classification, ...beside.classification.filter((one) => !isUnread(one))]),
        ].toSorted(),
        labels,
        findings: [
          ...findings,
          ...seen.filter((one) => !findings.some((other) => other.class === one.class)),
        ],
      };
    },
    labelChange: (before, after) => labelChange(before, after, rules.labels.order),
    redact(content, classes) {
      const options = { pseudonym: names.forCopy(), ...(classes && { classes }) };
      return redact(content, nodeDlpHost(), options, defaultLimits, scanner);
    },
  };
}
