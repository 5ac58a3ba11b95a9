/** Writes the generated parts of docs/reference/rego.md: the table of built-ins. A test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtins, type BuiltinSummary, type Host } from '@chaperone/rego';
import { nodeHost } from '@chaperone/rego/node';

const page = new URL('../docs/reference/rego.md', import.meta.url);
const marks = /(<!-- built-ins: made by node scripts\/rego-reference\.ts -->\n)[^]*(<!-- end -->)/;

/** The page with its table made anew. Throws Error when the page has no place for it. */
export function regoReference(text: string): string {
  if (!marks.test(text)) throw new Error('docs/reference/rego.md has no place for the table of built-ins');
  return text.replace(marks, (_all, before: string, after: string) => `${before}\n${table()}\n${after}`);
}

const host = nodeHost({ http: { hosts: [] }, lookup: true });
/** What a host offers, and the word for it in the table. */
const offers: readonly (readonly [string, Host])[] = [
  ['nothing', {}],
  ['cryptography', pick('crypto')],
  ['YAML', pick('yaml')],
  ['GraphQL', pick('graphql')],
  ['the network', pick('http')],
  ['name look-up', pick('lookup')],
];

function pick(name: keyof Host): Host {
  return { [name]: host[name] };
}

function table(): string {
  const known = offers.map(
    ([word, offered]) => [word, new Map(builtins(offered).map((one) => [one.name, one.supported]))] as const,
  );
  const rows = builtins(host)
    .filter(({ name }) => !name.startsWith('internal.'))
    .map((one) => {
      const needs = known.find(([, supported]) => supported.get(one.name) === true)?.[0];
      return `| \`${one.name}\` | \`${one.declaration.replaceAll('|', '\\|')}\` | ${note(one, needs)} |`;
    });
  return ['| built-in | takes and gives | |', '|---|---|---|', ...rows, ''].join('\n');
}

function note({ infix, deprecated }: BuiltinSummary, needs: string | undefined): string {
  const notes = [
    ...(infix === undefined ? [] : [`written \`${infix.replaceAll('|', '\\|')}\``]),
    ...(deprecated ? ['v0 only'] : []),
    ...(needs === undefined ? ['**not supported**'] : needs === 'nothing' ? [] : [`needs ${needs}`]),
  ];
  return notes.join(', ');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(page, regoReference(readFileSync(page, 'utf8')));
