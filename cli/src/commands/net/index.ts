/** `chaperone net`: what agents do on the network, from the journal. */
import { homedir } from 'node:os';
import path from 'node:path';
import { defaultStateDir } from '@chaperone/endpoint/record';
import { isSessionId } from '@chaperone/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { examples } from '../../examples.ts';
import type { LogOptions } from './log.ts';
import type { HostsOptions } from './hosts.ts';
import type { OverviewOptions } from './overview.ts';

type Place = { readonly journal?: string };

const maxLast = 100_000;

export function defineNet(): Command {
  const usual = path.join(defaultStateDir(process.env, homedir()), 'journal');
  const dirOf = ({ journal }: Place): string => path.resolve(journal ?? usual);
  const net = new Command('net')
    .enablePositionalOptions()
    .description(
      'Shows the connections that are live in sessions, what was refused on the network lately, and totals.\n\nExit code 0: shown. 1: a line of the journal is no record. 2: it cannot be read.',
    )
    .addHelpText(
      'after',
      examples(
        'chaperone net',
        'chaperone net --follow',
        "chaperone net log --requests --host '*.example.com'",
        'chaperone net hosts',
      ),
    );
  withPlace(net)
    .option('-f, --follow', 'show it anew every second; in a pipe, print what is new')
    .addOption(new Option('--last <count>', 'so many denials (default: 20)').argParser(parseLast))
    .option('--json', 'as one JSON object; with --follow one per connection and denial')
    .action(async (options: Place & OverviewOptions & { follow?: boolean; json?: boolean }) => {
      if (options.follow) {
        const { followNetwork } = await import('./follow.ts');
        await followNetwork(dirOf(options), options, process.stdout, process.env, Date.now);
        return;
      }
      const { showOverview } = await import('./overview.ts');
      process.exitCode = showOverview(dirOf(options), options, Date.now());
    });

  withPlace(net.command('log'))
    .summary('print connections and denials, one per line')
    .description(
      'Prints connections as they ended, with bytes, duration and the issuer of the certificate, and what was denied.',
    )
    .option('--requests', 'also the requests in them')
    .option('--denied', 'only what was denied')
    .addOption(new Option('--last <count>', 'only the COUNT lines that began last').argParser(parseLast))
    .option('--json', 'one JSON object per line')
    .addHelpText(
      'after',
      examples(
        'chaperone net log --last 50',
        "chaperone net log --requests --host '*.example.com'",
        'chaperone net log --denied --json | jq -r .what',
      ),
    )
    .action(async (_: unknown, command: Command) => {
      const options: Place & LogOptions = command.optsWithGlobals();
      const { showLog } = await import('./log.ts');
      process.exitCode = showLog(dirOf(options), options);
    });

  withPlace(net.command('hosts'))
    .summary('sum up by host what was sent, received and denied')
    .description('Sums up by host what was sent, received and denied; where most was sent comes first.')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', examples('chaperone net hosts', 'chaperone net hosts --json | jq -r .host'))
    .action(async (_: unknown, command: Command) => {
      const options: Place & HostsOptions = command.optsWithGlobals();
      const { showHosts } = await import('./hosts.ts');
      process.exitCode = showHosts(dirOf(options), options, Date.now());
    });
  return net;

  function withPlace(command: Command): Command {
    return command
      .option('-j, --journal <folder>', `the journal (default: ${usual})`)
      .addOption(new Option('--session <id>', 'only this session').argParser(parseSession))
      .addOption(
        new Option('--host <pattern>', 'only this host or address; *.example.com for all below it').argParser(
          parseHost,
        ),
      );
  }
}

function parseSession(text: string): string {
  if (!isSessionId(text)) throw new InvalidArgumentError('It is not a session id.');
  return text;
}

function parseLast(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text) || Number(text) > maxLast)
    throw new InvalidArgumentError(`It is not a number up to ${maxLast}.`);
  return Number(text);
}

function parseHost(text: string): string {
  const pattern = text.toLowerCase().replace(/\.$/, '');
  if (pattern === '' || /\s/.test(pattern) || pattern.replace(/^\*(?=\.[^*]|$)/, '').includes('*'))
    throw new InvalidArgumentError('It is no host, address or pattern such as *.example.com.');
  return pattern;
}
