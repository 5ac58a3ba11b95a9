/** Documents that LibreOffice made are read in a session under a policy that redacts them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { content } from './world-content.ts';
import { collect, situations, World } from './world.ts';

const soffice = '/usr/bin/soffice';
const problem = existsSync(soffice) ? undefined : 'LibreOffice is not installed';
if (problem) console.log(`skipped: a document of LibreOffice in a session, because ${problem}`);

const iban = 'GB33BUKB20201555555555';
const page = `<html><body><p>Pay to <b>${iban}</b>, again ${iban}, by Friday.</p></body></html>`;

/** @returns the path of what was made of `file` */
function convert(folder: string, file: string, format: string, ...options: string[]): string {
  const profile = `-env:UserInstallation=file://${path.join(folder, 'office')}`;
  const line = [profile, '--headless', ...options, '--convert-to', format, '--outdir', folder, file];
  const env = { ...process.env, HOME: folder };
  const { stderr } = spawnSync(soffice, line, { encoding: 'utf8', env, timeout: 120_000 });
  const made = path.join(folder, `${path.parse(file).name}.${format.split(':')[0]}`);
  expect(existsSync(made), stderr).toBe(true);
  return made;
}

for (const where of [situations[0], situations.at(-1)])
  test.skipIf(problem !== undefined || !where)(
    `a document of LibreOffice is read without its account numbers: ${where?.title} [req: content:redact]`,
    async () => {
      if (!where) throw new Error('no situation to test in');
      using world = new World(where);
      const data = world.folder('data');
      const out = world.folder('out');
      const work = world.at('work');
      spawnSync('mkdir', ['-p', work]);
      writeFileSync(path.join(work, 'letter.html'), page);
      const made = convert(
        work,
        path.join(work, 'letter.html'),
        'docx:MS Word 2007 XML',
        '--infilter=HTML (StarWriter)',
      );
      world.file('data/letter.docx', readFileSync(made));
      world.policy(content({ under: data, sensitive: 'redact' }));
      const { code, stdout, stderr } = await collect(
        world.start(
          [
            'python3',
            '-c',
            `
import json, os, zipfile
fd = os.open(${JSON.stringify(path.join(data, 'letter.docx'))}, os.O_RDONLY)
size = os.fstat(fd).st_size
whole = b""
while piece := os.read(fd, 1 << 16): whole += piece
with zipfile.ZipFile(${JSON.stringify(path.join(data, 'letter.docx'))}) as z:
    bad = z.testzip(); text = "".join(z.read(n).decode("utf-8", "replace") for n in z.namelist())
open(${JSON.stringify(path.join(out, 'copy.docx'))}, "wb").write(whole)
print(json.dumps({"size": size, "read": len(whole), "bad": bad, "value": ${JSON.stringify(iban)} in text, "tokens": text.count("[IBAN:")}))
`,
          ],
          ['ignore', 'pipe', 'pipe'],
        ),
      );
      expect(code, stderr).toBe(0);
      const seen = JSON.parse(stdout) as { size: number; read: number };
      expect(seen).toMatchObject({ bad: null, value: false, tokens: 2 });
      expect(seen.size).toBe(seen.read);
      writeFileSync(path.join(work, 'copy.docx'), readFileSync(path.join(out, 'copy.docx')));
      const text = readFileSync(convert(work, path.join(work, 'copy.docx'), 'txt:Text'), 'utf8');
      expect(text).toMatch(/Pay to \[IBAN:(\w+)\], again \[IBAN:\1\], by Friday\./);
    },
    240_000,
  );
