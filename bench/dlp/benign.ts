/** How often the detectors cry wolf: findings per MB of what the system ships, by `npm run dlp:benign`. */
import { classify, defaultLimits, sourceOf } from '@chaperone/dlp';
import type { Band, Finding } from '@chaperone/dlp';
import { nodeDlpHost } from '@chaperone/dlp/node';
import { escapeForTerminal } from '@chaperone/protocol';
import { count, parsed, runAs } from '../options.ts';
import { textFiles } from './corpus.ts';

const usage = `npm run dlp:benign -- [FOLDER...] [--samples N] [--detector TEXT] [--band 85] [--every N]
  FOLDER      default: /usr/share/doc and /usr/lib
  --samples   findings to show for each detector; values are shortened
  --detector  shows only the detectors whose id contains this
  --band      shows only the findings of this band
  --every     takes one file of N, to be done sooner`;

const goal = 0.1;

/**
 * Tests and examples of cryptography carry keys on purpose: these are findings that are right. They are counted apart, and only
 * private keys, certificates' keys and hashed passwords are.
 */
const exampleKeys = /\/(?:tests?|testing|testdata|selftest|examples?|demos?|demoCA|fixtures)\//;
const keyClasses = ['credential.private_key', 'credential.password_hash'];

type Sample = { readonly path: string; readonly finding: Finding; readonly shown: string };

await runAs('dlp:benign', usage, async () => {
  measure(process.argv.slice(2));
});

function measure(args: readonly string[]): void {
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: {
      samples: { type: 'string', default: '3' },
      detector: { type: 'string', default: '' },
      band: { type: 'string', default: '' },
      every: { type: 'string', default: '1' },
    },
  });
  const folders = positionals.length > 0 ? positionals : ['/usr/share/doc', '/usr/lib'];
  const host = nodeDlpHost();
  const limits = { ...defaultLimits, maxFindings: Infinity };
  const samples: Sample[] = [];
  let files = 0;
  let bytes = 0;
  const every = count('--every', values.every, 10_000);
  let seen = 0;
  for (const { path, text } of textFiles(folders)) {
    seen += 1;
    if (seen % every !== 0) continue;
    files += 1;
    bytes += text.length;
    for (const finding of classify(sourceOf(text), host, limits).findings)
      samples.push({ path, finding, shown: shownOf(text, finding) });
  }
  report(
    samples,
    folders,
    files,
    bytes / 1e6,
    count('--samples', values.samples, 1000),
    values.detector,
    values.band,
  );
}

function report(
  all: readonly Sample[],
  folders: readonly string[],
  files: number,
  megabytes: number,
  most: number,
  only: string,
  band: string,
): void {
  const examples = all.filter(isExampleKey);
  const rest = all.filter((one) => !isExampleKey(one));
  console.log(`${files} text files, ${megabytes.toFixed(1)} MB, below ${folders.join(', ')}`);
  for (const one of [85, 75, 65] satisfies Band[]) {
    const found = rest.filter(({ finding }) => finding.confidence === one).length;
    console.log(
      `band ${one}  ${found} findings  ${(found / megabytes).toFixed(3)} per MB${one === 85 ? `  (goal: at most ${goal})` : ''}`,
    );
  }
  const high = examples.filter(({ finding }) => finding.confidence === 85).length;
  console.log(`keys in tests and examples, which are right  ${examples.length} findings, ${high} of band 85`);
  table(rest, megabytes, most, only, band);
  console.log('');
  console.log('keys in tests and examples');
  table(examples, megabytes, most, only, band);
}

function table(all: readonly Sample[], megabytes: number, most: number, only: string, band: string): void {
  const byDetector = Map.groupBy(all, ({ finding }) => finding.detector);
  for (const [detector, found] of [...byDetector].toSorted(([, a], [, b]) => b.length - a.length)) {
    if (!detector.includes(only)) continue;
    const bands = [85, 75, 65].map((one) => found.filter(({ finding }) => finding.confidence === one).length);
    console.log(`${detector}  ${bands.join(' / ')}  ${((bands[0] ?? 0) / megabytes).toFixed(3)} high per MB`);
    const chosen = found.filter(({ finding }) => band === '' || String(finding.confidence) === band);
    // Spread over all that were found, so that one file does not fill the list.
    const step = Math.max(1, Math.floor(chosen.length / most));
    for (const { path, finding, shown } of chosen.filter((_, i) => i % step === 0).slice(0, most))
      console.log(escapeForTerminal(`    ${finding.confidence}  ${path}:${finding.start}  ${shown}`, 300));
  }
}

function isExampleKey({ path, finding }: Sample): boolean {
  return exampleKeys.test(path) && keyClasses.includes(finding.class);
}

function shownOf(text: Uint8Array, { start, end }: Finding): string {
  const decode = (from: number, to: number): string =>
    new TextDecoder().decode(text.subarray(Math.max(0, from), to)).replaceAll(/\s+/g, ' ');
  const value = decode(start, Math.min(end, start + 60));
  return `${decode(start - 40, start)}[${value}]`;
}
