/** chaperone profile: which ready-made policies there are, for what, and what can be set in them. */
import type { Profile } from '@chaperone/endpoint/profiles';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { examples } from '../examples.ts';
import { hang, wrap } from '../wrap.ts';
import { cutTo, styleOf } from './journal/table.ts';

type Options = { readonly json?: boolean };

export function defineProfile(): Command {
  const profile = new Command('profile')
    .description('List and show the profiles that `run --profile` takes.')
    .addHelpText('after', examples('chaperone profile list', 'chaperone profile show developer-agent'));
  profile
    .command('list')
    .description('Shows every profile with the agent it is for.')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', examples('chaperone profile list', 'chaperone profile list --json | jq .id'))
    .action(async (options: Options) => {
      const { listProfiles, profileHomes } = await import('@chaperone/endpoint/profiles');
      const { profiles, problems } = listProfiles(profileHomes());
      if (options.json) for (const one of profiles) print(jsonForTerminal(one));
      else printTable(profiles);
      for (const problem of problems) process.stderr.write(`chaperone: ${escapeForTerminal(problem)}\n`);
      process.exitCode = problems.length > 0 ? 1 : 0;
    });
  profile
    .command('show')
    .description('Shows one profile: what it is for, what it can reach, and its settings.')
    .argument('<name>', 'name or folder')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples('chaperone profile show documents-assistant', 'chaperone profile show ./my-profile --json'),
    )
    .action(async (name: string, options: Options) => {
      const { findProfile, profileHomes } = await import('@chaperone/endpoint/profiles');
      const found = findProfile(name, profileHomes());
      if (options.json) print(jsonForTerminal(found));
      else printProfile(found);
    });
  return profile;
}

function printTable(profiles: readonly Profile[]): void {
  const rows = [
    ['PROFILE', 'AGENT', 'RISK', 'MODE', 'FROM', 'WHAT IT IS FOR'],
    ...profiles.map(({ id, type, risk, mode, source, title }) => [id, type, risk, mode, source, title]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const { width } = styleOf(process.stdout, process.env);
  const last = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const fits = width === undefined || last + (widths.at(-1) ?? 0) <= width;
  for (const row of rows) {
    const line = row
      .map((cell, column) => escapeForTerminal(cell).padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    if (fits) print(line);
    else {
      print(cutTo(line.slice(0, last).trimEnd(), width));
      for (const text of wrap(row.at(-1) ?? '', width - 4)) print(`    ${text}`);
    }
  }
}

function printProfile(profile: Profile): void {
  const { id, title, description, type, risk, capabilities, mode, settings, folder } = profile;
  const lines = [
    `${id}: ${title}`,
    description,
    '',
    `agent         ${type}, risk ${risk}`,
    `can reach     ${capabilities.join(', ') || 'nothing'}`,
    `mode          ${mode}`,
    `policy        ${folder}`,
    '',
    'settings (--set name=value; repeat it for lists, name+=value adds to what is there)',
    ...Object.entries(settings).flatMap(([name, setting]) => [
      `  ${name} (${setting.type}): ${setting.description}`,
      `      default: ${[setting.default].flat().join(', ') || 'none'}`,
    ]),
  ];
  const { width } = styleOf(process.stdout, process.env);
  for (const line of lines) {
    const indent = /^(?: +|\S[a-z ]{12} )/.exec(line)?.[0].length ?? 0;
    for (const one of hang(escapeForTerminal(line), indent, width)) print(one);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
