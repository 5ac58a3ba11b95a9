/** Where the demo plays: a home folder of its own, and this very chaperone as the person would call it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeForTerminal } from '@chaperone/protocol';
import { fitLines } from '../../explanation.ts';
import { wrap } from '../../wrap.ts';
import { type Style, styleOf } from '../journal/table.ts';

export type Said = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

const assistant = fileURLToPath(new URL('./assistant.js', import.meta.url));

export class Stage {
  readonly home: string;
  readonly documents: string;
  readonly books: string;
  readonly keys: string;
  readonly output: string;
  readonly program: string;
  readonly journal: string;
  /** Reserved for documentation (RFC 2606, RFC 5737): nobody is there. */
  readonly host = 'collector.example.net';
  readonly address = '203.0.113.7';
  readonly #environment: NodeJS.ProcessEnv;
  readonly #style: Style;
  /** Columns for what a command prints, which is indented. */
  readonly room: number;

  constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.home = path.join(folder, 'home');
    this.documents = path.join(this.home, 'Documents');
    this.books = path.join(this.documents, 'Financials', 'Q4.csv');
    this.keys = path.join(this.home, '.aws', 'credentials');
    this.output = path.join(this.documents, 'Assistant');
    this.program = path.join(this.home, 'assistant', 'assistant.js');
    this.journal = path.join(this.home, '.local', 'state', 'chaperone', 'journal');
    const scratch = path.join(folder, 'tmp');
    mkdirSync(scratch, { recursive: true });
    const files = {
      [path.join(this.documents, 'minutes.txt')]:
        'Minutes of the Monday meeting\nThe report is due on Friday.\n',
      [path.join(this.documents, 'offer.txt')]: 'Offer to Example Ltd\nTwo days of training in March.\n',
      [path.join(this.documents, 'travel.txt')]:
        'Travel plan for Lisbon\nLeave on Tuesday, back on Thursday.\n',
      [this.books]: 'account,balance\n4711,1000000\n',
      [this.keys]: '[default]\naws_access_key_id = an-example\n',
    };
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    for (const one of [this.output, path.dirname(this.program)]) mkdirSync(one, { recursive: true });
    copyFileSync(assistant, this.program);
    const { XDG_STATE_HOME: _state, XDG_CONFIG_HOME: _config, COLUMNS: _columns, ...rest } = environment;
    this.#style = styleOf(process.stdout, environment);
    this.room = Math.max(20, (this.#style.width ?? 120) - 4);
    this.#environment = { ...rest, HOME: this.home, TMPDIR: scratch };
  }

  /**
   * Runs this chaperone with the demo's home.
   * @param columns to fit tables into; without it nothing is cut
   */
  chaperone(args: readonly string[], columns?: number): Said {
    const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1] ?? '', ...args], {
      cwd: this.home,
      encoding: 'utf8',
      env: { ...this.#environment, ...(columns === undefined ? {} : { COLUMNS: String(columns) }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { status, stdout, stderr };
  }

  say(text: string): void {
    console.log(text);
  }
  bold(text: string): string {
    return this.#style.colour ? `\u001b[1m${text}\u001b[0m` : text;
  }
  green(text: string): string {
    return this.#style.colour ? `\u001b[32m${text}\u001b[0m` : text;
  }
  red(text: string): string {
    return this.#style.colour ? `\u001b[31m${text}\u001b[0m` : text;
  }
  /** The demo's own command line, and what it printed, with the temporary folder shortened. */
  show(command: string, text: string): void {
    console.log(`   $ ${command}`);
    const lines = text.trimEnd().split('\n');
    const shown = lines.map((line) => escapeForTerminal(this.short(line)));
    for (const line of fitLines(shown, this.room)) console.log(`   ${line}`);
  }
  /** Sentences, of which nothing is cut. */
  sayWrapped(text: string, indent: string): void {
    for (const line of wrap(this.short(text), (this.#style.width ?? 120) - indent.length))
      console.log(`${indent}${line}`);
  }
  short(text: string): string {
    return text.replaceAll(this.home, '~');
  }
}
