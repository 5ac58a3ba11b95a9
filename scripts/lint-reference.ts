/** Writes docs/reference/lint.md from the table of rules; a test compares the two. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lintRules, type LintRule } from '@chaperone/rego/lint';

const INTRODUCTION = `# Lint rules

\`chaperone policy lint PATH…\` looks for mistakes in policies. All files that are given are looked at together: some rules need to
know what other modules say, so give it a policy with its library.

| severity | meaning |
|---|---|
| error | access is probably not what the author meant |
| warning | it may not be |
| info | the policy reads worse than it could |

The exit code is 1 when an error or a warning was found; \`--fail-on error\` and \`--fail-on info\` move that line. \`--format json\` prints
one object per finding with \`file\`, \`row\`, \`col\`, \`rule\`, \`severity\`, \`message\` and \`hint\`.

\`--disable RULE,RULE\` leaves rules out. A comment makes one exception, on the line or above it; Regal's comments count as well:

\`\`\`rego
allow if startswith(input.path, "/proc/sys") # chaperone-lint ignore=path-prefix
# regal ignore:line-length
\`\`\`

This page is made by \`node scripts/lint-reference.ts\`.
`;

/** The page, ending in a line break. */
export function lintReference(): string {
  return `${[INTRODUCTION, ...lintRules.map(section)].join('\n')}`;
}

function section({ id, title, severity, why, bad, good }: LintRule): string {
  return `## ${id}\n\n${title}. (${severity})\n\n${why}\n\nNot:\n\n\`\`\`rego\n${bad}\`\`\`\n\nBut:\n\n\`\`\`rego\n${good}\`\`\`\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('../docs/reference/lint.md', import.meta.url), lintReference());
