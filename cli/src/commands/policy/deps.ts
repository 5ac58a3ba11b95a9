/** chaperone policy deps: what a rule's value is computed from. */
import { deps, type DocumentDependencies, RegoErrors } from '@chaperone/rego';
import { authorHost } from './author-host.ts';
import { jsonForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { examples } from '../../examples.ts';
import { shown } from '../../explanation.ts';
import { entrypointOf } from './ask.ts';
import { addFormat } from './format-option.ts';
import { type PolicySources, readSources, refusal } from './sources.ts';

type Options = { readonly format: 'text' | 'json'; readonly v0Compatible?: boolean };

export function defineDeps(): Command {
  const command = new Command('deps')
    .summary('say what a rule depends on')
    .description(
      'Says what a rule depends on, directly or through other rules: the parts of input and data that it reads, and the rules that it uses.\n\nA path ends where the policy computes the next part of it.',
    )
    .argument('<rule>', 'for example data.endpoint.access.allow')
    .argument('<path...>', 'folders, .rego and data files, bundles');
  return addFormat(command, ['text', 'json'], 'for a person, or a program')
    .option('--v0-compatible', 'read the files as Rego before 1.0')
    .addHelpText(
      'after',
      examples(
        'chaperone policy deps data.endpoint.access.allow ./policy',
        'chaperone policy deps --format json endpoint/access/allow ./policy',
      ),
    )
    .action(async (rule: string, paths: string[], { format, v0Compatible = false }: Options) => {
      const found = dependencies(await readSources(paths, { v0: v0Compatible }), rule);
      if (format === 'json') print(jsonForTerminal(found));
      else for (const line of textLines(rule, found)) print(line);
    });
}

type Found = { readonly base: readonly string[]; readonly virtual: readonly string[] };

function dependencies(sources: PolicySources, rule: string): Found {
  // Says what there is when there is no such rule.
  entrypointOf(sources, rule);
  let found: DocumentDependencies;
  try {
    found = deps(sources.modules, rule.replace(/^data[./]/, '').replaceAll('.', '/'), authorHost());
  } catch (error) {
    throw error instanceof RegoErrors ? refusal(sources, error) : error;
  }
  const text = (paths: DocumentDependencies['base']): string[] => paths.map(pathText);
  return { base: text(found.base), virtual: text(found.virtual) };
}

/** As a reference is written: names behind dots, everything else in brackets. */
function pathText(path: readonly string[]): string {
  return path
    .map((name, i) =>
      i === 0 ? name : /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`,
    )
    .join('');
}

function textLines(rule: string, { base, virtual }: Found): string[] {
  const own = `data.${rule.replace(/^data[./]/, '').replaceAll('/', '.')}`;
  const rules = virtual.filter((path) => path !== own);
  return [
    shown(own),
    ...(base.length === 0 ? ['  reads nothing'] : ['  reads', ...base.map((path) => `    ${shown(path)}`)]),
    ...(rules.length === 0 ? [] : ['  uses the rules', ...rules.map((path) => `    ${shown(path)}`)]),
  ];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
