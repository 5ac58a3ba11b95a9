/**
 * Documents made by LibreOffice are redacted and opened by LibreOffice again: what a reader sees has the tokens and not the
 * values.
 */
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classify, redact, sourceOf } from '@chaperone/dlp';
import { nodeDlpHost } from '@chaperone/dlp/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const host = nodeDlpHost();
const soffice = '/usr/bin/soffice';
const packages = ['libreoffice-writer-nogui', 'libreoffice-calc-nogui', 'libreoffice-impress-nogui'];

/** Why the documents cannot be made. */
function missing(): string | undefined {
  const isPresent = (): boolean =>
    existsSync(soffice) && spawnSync('dpkg', ['-s', ...packages], { stdio: 'ignore' }).status === 0;
  if (isPresent()) return undefined;
  if (process.getuid?.() !== 0)
    return `LibreOffice is not installed (Debian: ${packages.join(' ')}), and only root can install it`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  spawnSync('apt-get', options, { env, timeout: 170_000 });
  return isPresent() ? undefined : 'LibreOffice could not be installed with apt-get';
}

const problem = missing();
if (problem) console.log(`skipped: redacted documents in LibreOffice, because ${problem}`);

const first = 'DE89370400440532013000';
const second = 'GB82WEST12345698765432';
const values = [first, second, 'DE89 3704', '0532 0130', 'GB82 WEST'];

const page = `<html><head><title>Of ${second}</title></head><body>
<p>Dear customer, your account DE89 3704 0044 <b>0532</b> <i>0130 00</i>; greetings &amp; more &lt;here&gt;</p>
<table><tr><td>Name</td><td>IBAN</td></tr><tr><td>Ann</td><td>${second}</td></tr></table></body></html>`;

const table = `Name,IBAN,Born,Amount\nAnn,${first},1980-05-17,12.5\nBob,"GB82 WEST 1234 5698 7654 32",1990-01-02,7\nCarl,${first},2000-12-31,8\n`;

const slide = (text: string): string =>
  `<draw:page draw:name="p" draw:master-page-name="Default"><draw:frame svg:width="20cm" svg:height="4cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page>`;

const slides = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="pl"/></office:master-styles>
<office:body><office:presentation>${slide(`Account ${first}, please`)}${slide('nothing here')}${slide(`IBAN <text:span>GB82 WEST 1234</text:span><text:span> 5698 7654 32</text:span>`)}</office:presentation></office:body></office:document>`;

describe.skipIf(problem !== undefined)('[req: dlp:redaction] documents of LibreOffice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaperone-office-'));
  const pseudonym = (value: string): string =>
    createHmac('sha256', 'a key').update(value).digest('hex').slice(0, 8);
  const [one, two] = [first, second].map((value) => `[IBAN:${pseudonym(value.toLowerCase())}]`);

  beforeAll(() => {
    writeFileSync(join(folder, 'page.html'), page);
    writeFileSync(join(folder, 'table.csv'), table);
    writeFileSync(join(folder, 'slides.fodp'), slides);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** @returns the path of what was made of `file` */
  function convert(file: string, format: string, to: string, ...options: string[]): string {
    const out = join(folder, to);
    mkdirSync(out, { recursive: true });
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const line = [profile, '--headless', ...options, '--convert-to', format, '--outdir', out, file];
    const env = { ...process.env, HOME: folder };
    const { stderr } = spawnSync(soffice, line, { encoding: 'utf8', env, timeout: 120_000 });
    const made = join(out, `${/([^/]+)\.\w+$/.exec(file)?.[1]}.${format.split(':')[0]}`);
    expect(existsSync(made), stderr).toBe(true);
    return made;
  }

  function redacted(path: string): { path: string; removed: Readonly<Record<string, number>> } {
    const before = readFileSync(path);
    const untouched = Buffer.from(before);
    expect(classify(sourceOf(before), host).problems).toEqual([]);
    const result = redact(sourceOf(before), host, { classes: ['pii.iban'], pseudonym });
    if (!result.ok) throw new Error(result.why);
    expect(before).toEqual(untouched);
    const copy = path.replace('/made/', '/copy/');
    mkdirSync(join(folder, 'copy'), { recursive: true });
    writeFileSync(copy, result.bytes);
    expect(classify(sourceOf(result.bytes), host)).toMatchObject({ complete: true, classes: [] });
    return { path: copy, removed: result.removed };
  }

  function shown(path: string, format: string): string {
    const text = readFileSync(convert(path, format, 'shown'), 'utf8').replace(/^\ufeff/, '');
    for (const value of values) expect(text).not.toContain(value);
    return text;
  }

  test.each(['docx', 'odt'])('%s: text, tables, properties', (format) => {
    const filter = format === 'docx' ? 'docx:MS Word 2007 XML' : 'odt:writer8';
    const made = convert(join(folder, 'page.html'), filter, 'made', '--infilter=HTML (StarWriter)');
    const { path, removed } = redacted(made);
    expect(removed['pii.iban']).toBeGreaterThanOrEqual(2);
    const text = shown(path, 'txt:Text');
    expect(text).toContain(`your account ${one}; greetings & more <here>`);
    expect(text).toContain(two);
    expect(shown(path, 'html')).toContain(`Of ${two}`);
  });

  test.each(['xlsx', 'ods'])('%s: shared strings, dates and numbers', (format) => {
    const { path } = redacted(convert(join(folder, 'table.csv'), format, 'made'));
    expect(shown(path, 'csv')).toBe(
      `Name,IBAN,Born,Amount\nAnn,${one},1980-05-17,12.5\nBob,${two},1990-01-02,7\nCarl,${one},2000-12-31,8\n`,
    );
  });

  test.each(['pptx', 'odp'])('%s: slides', (format) => {
    const { path, removed } = redacted(convert(join(folder, 'slides.fodp'), format, 'made'));
    expect(removed).toEqual({ 'pii.iban': 2 });
    const text = shown(path, 'fodp').replaceAll(/<[^>]*>/g, '');
    expect(text).toContain(`Account ${one}, please`);
    expect(text).toContain(`IBAN ${two}`);
    expect(text).toContain('nothing here');
  });

  test('a copy prints', () => {
    const { path } = redacted(convert(join(folder, 'table.csv'), 'xlsx', 'made'));
    expect(
      readFileSync(convert(path, 'pdf', 'shown'))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });
});
