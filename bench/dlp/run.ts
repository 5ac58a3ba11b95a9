/** How fast content is classified, beside others on the same bytes: `npm run bench:dlp`. */
import { writeFileSync } from 'node:fs';
import { classify, defaultLimits, isWithin, Scanner, sourceOf } from '@chaperone/dlp';
import { nodeDlpHost } from '@chaperone/dlp/node';
import { detectors, textDetectors } from '../../core/dlp/src/detectors/index.ts';
import { describeMachine } from '../machine.ts';
import { parsed, runAs } from '../options.ts';
import { costs } from './costs.ts';
import { documents } from './documents.ts';
import type { Peers } from './peers.ts';
import { peers, versions } from './peers.ts';
import type { DocumentRow, Report, SpeedRow } from './report.ts';
import { goals, markdown } from './report.ts';
import type { Corpus } from './texts.ts';
import { bytesOf, corpora } from './texts.ts';

const usage = `npm run bench:dlp -- [--quick] [--write] [--offline] [--costs]
  --quick       little text and few rounds: shows that all works, says little about speed
  --write       bench/dlp/results.md is replaced
  --offline     nothing is installed: without secretlint and officeparser
  --costs       only: which detectors take how much of the time
  GITLEAKS_BIN  names a gitleaks binary: it is measured too`;

const host = nodeDlpHost();

/** Milliseconds of processor time that this thread has used. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** @param times the clock of processor time is coarse: what is short is done several times */
async function best(rounds: number, once: () => unknown, times = 1): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const started = cpuMs();
    for (let time = 0; time < times; time++) await once();
    least = Math.min(least, (cpuMs() - started) / times);
  }
  return least;
}

type Scanners = { readonly all: Scanner; readonly secrets: Scanner };

async function speedOf(
  corpus: Corpus,
  { all, secrets }: Scanners,
  peer: Peers,
  rounds: number,
): Promise<SpeedRow> {
  const megabytes = bytesOf(corpus) / 1e6;
  let findings = 0;
  const look = (scanner: Scanner): void => {
    findings = 0;
    for (const file of corpus.files)
      for (const { count } of classify(sourceOf(file), host, defaultLimits, scanner).classes)
        findings += count;
  };
  const secretsMs = await best(rounds, () => {
    look(secrets);
  });
  const ownMs = await best(rounds, () => {
    look(all);
  });
  const { secretlint, gitleaks } = peer;
  // A slow peer gets a part of the text, and fewer rounds.
  const some = corpus.files.slice(0, Math.ceil(corpus.files.length / 4));
  const someMegabytes = bytesOf({ ...corpus, files: some }) / 1e6;
  const texts = some.map((file) => file.toString('utf8'));
  const lintMs =
    secretlint &&
    (await best(2, async () => {
      for (const text of texts) await secretlint(text);
    }));
  return {
    corpus: corpus.name,
    megabytes,
    files: corpus.files.length,
    findings,
    own: megabytes / (ownMs / 1000),
    secrets: megabytes / (secretsMs / 1000),
    secretlint: lintMs === undefined ? null : someMegabytes / (lintMs / 1000),
    gitleaks: gitleaks ? someMegabytes / (Math.min(gitleaks(some), gitleaks(some)) / 1000) : null,
  };
}

async function documentRows(
  scanner: Scanner,
  { officeparser }: Peers,
  rounds: number,
): Promise<DocumentRow[]> {
  const rows: DocumentRow[] = [];
  for (const { name, bytes } of documents()) {
    const once = (): ReturnType<typeof classify> => classify(sourceOf(bytes), host, defaultLimits, scanner);
    const { type, scannedBytes: readBytes } = once();
    const ownMs = await best(rounds, once, 20);
    const officeparserMs = officeparser ? await best(2, () => officeparser(bytes)) : null;
    rows.push({ name, megabytes: bytes.length / 1e6, type, readBytes, ownMs, officeparserMs });
  }
  return rows;
}

async function main(): Promise<void> {
  const off = { type: 'boolean', default: false } as const;
  const { values } = parsed({ options: { quick: off, write: off, offline: off, costs: off } });
  const all = corpora((values.quick ? 2 : 12) << 20);
  if (values.costs) {
    process.stdout.write(costs(all));
    return;
  }
  const machine = describeMachine(new Date());
  const started = cpuMs();
  const scanner = new Scanner({ detectors, textDetectors });
  const compileMs = cpuMs() - started;
  const isSecret = (detector: { readonly class: string }): boolean => isWithin(detector.class, 'credential');
  const secrets = new Scanner({ detectors: detectors.filter(isSecret) });
  using peer = await peers(!values.offline);
  const rounds = values.quick ? 2 : 8;
  const speed: SpeedRow[] = [];
  for (const corpus of all) speed.push(await speedOf(corpus, { all: scanner, secrets }, peer, rounds));
  const report: Report = {
    machine,
    detectors: detectors.length,
    compileMs,
    speed,
    documents: await documentRows(scanner, peer, rounds),
    sources: [
      ...all.map(({ name, source }) => `${name}: ${source}`),
      `secretlint ${versions.secretlint} with its recommended rules, officeparser ${versions.officeparser}; secretlint and gitleaks over a quarter of each text`,
    ],
    absent: peer.absent,
  };
  process.stdout.write(markdown(report));
  if (values.write) writeFileSync(new URL('results.md', import.meta.url), markdown(report));
  if (!values.quick && goals(report).some(({ met }) => !met)) process.exitCode = 1;
}

await runAs('bench:dlp', usage, main);
