/** chaperone doctor: what this host supports, and what to do about the rest. */
import { examineHost } from '@chaperone/endpoint/doctor';
import { jsonForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { currentSession } from '../current-session.ts';
import { examples } from '../examples.ts';
import { doctorReport } from './doctor-report.ts';
import { styleOf } from './journal/table.ts';

type DoctorOptions = {
  readonly json?: boolean;
  readonly policy?: string;
  readonly entrypoint?: string;
  readonly journal?: string;
};

export function defineDoctor(): Command {
  return new Command('doctor')
    .description(
      [
        'Tries what a session needs on this host, and says what to do about what does not work.',
        '',
        'Exit code 0: run works with every guarantee. 1: limited, or it cannot start.',
      ].join('\n'),
    )
    .option('--json', 'print findings and facts as JSON')
    .option('-p, --policy <path>', 'also say whether the floor that this policy demands holds here')
    .option('-e, --entrypoint <rule>', 'rule that answers, as for run')
    .option('-j, --journal <folder>', 'where decisions would be recorded')
    .addHelpText('after', examples('chaperone doctor', 'chaperone doctor --policy ./policy --json'))
    .action((options: DoctorOptions) => {
      const { policy, entrypoint, journal } = options;
      const report = examineHost({
        environment: process.env,
        session: currentSession(),
        ...(policy === undefined ? {} : { policy }),
        ...(entrypoint === undefined ? {} : { entrypoint }),
        ...(journal === undefined ? {} : { journal }),
      });
      const { facts, ...said } = report;
      process.stdout.write(
        options.json
          ? `${jsonForTerminal({ ...said, facts })}\n`
          : doctorReport(report, styleOf(process.stdout, process.env)),
      );
      process.exitCode = report.verdict.run === 'works' ? 0 : 1;
    });
}
