/** Looks into one body at a time, and writes copies without what was found. One for each thread. */
import {
  type Classification,
  classify,
  defaultLimits,
  type DlpHost,
  type Label,
  type Problem,
  type ProblemCode,
  redact,
  type Scanner,
  sourceOf,
} from '@chaperone/dlp';
import { factsOf } from '@chaperone/dlp/facts';
import { BoundedNames, nodeDlpHost, scannerFor } from '@chaperone/dlp/node';
import { CredentialIndex } from '../credentials/match.ts';
import type { BodyAnswer, BodyForm, BodyJob, BodySetup } from './body-job.ts';
import { asField, type Piece, type Pieces, piecesOf } from './body-parts.ts';
import { decode, encode } from './codings.ts';
import { embeddedIn } from './embedded.ts';

type Look = { readonly classification: Classification; readonly credentials: readonly string[] };

export class BodyScanner {
  readonly #setup: BodySetup;
  readonly #host: DlpHost = nodeDlpHost();
  readonly #scanner: Scanner;
  readonly #names: BoundedNames;
  readonly #credentials: CredentialIndex;

  /** Throws where the policy's own detectors cannot be used. */
  constructor(setup: BodySetup) {
    this.#setup = setup;
    this.#scanner = scannerFor(setup);
    this.#names = new BoundedNames(setup.key);
    this.#credentials = new CredentialIndex(setup.credentials, setup.key);
  }

  answer(job: BodyJob): BodyAnswer {
    const body = Buffer.from(job.body.buffer, job.body.byteOffset, job.body.length);
    switch (job.task) {
      case 'look': {
        const { classification, credentials } = this.#look(body, job.form);
        return { task: 'look', facts: factsOf(classification, this.#setup), credentials };
      }
      case 'redact':
        return this.#redact(body, job.form, job.classes);
      default:
        return job satisfies never;
    }
  }

  #look(body: Buffer, { type, codings }: BodyForm): Look {
    const decoded = decode(body, codings);
    // What does not hold what it says may be read as it is.
    const content = decoded.ok ? asBuffer(decoded.bytes) : body;
    const { pieces, problem } = piecesOf(content, type);
    const { documents, isWhole } = embeddedIn(content);
    const until = this.#host.now() + this.#setup.maxMs;
    const seen = [...pieces.map((piece) => piece.content), ...documents].map((bytes) =>
      classify(
        sourceOf(bytes),
        this.#host,
        { ...defaultLimits, maxMs: Math.max(1, until - this.#host.now()) },
        this.#scanner,
      ),
    );
    const problems: Problem[] = [
      ...(decoded.ok ? [] : [{ code: decoded.code, part: '', detail: decoded.detail }]),
      ...(problem === undefined ? [] : [problemOf(problem, 'its parts could not be told apart')]),
      ...(isWhole ? [] : [problemOf('too_many_entries', 'it holds too many documents')]),
    ];
    const credentials = this.#credentialsIn(content, pieces, problems);
    return { classification: merged(seen, problems), credentials };
  }

  /** Known ones in its text, decoded. Adds to `problems` when not all of it was looked at. */
  #credentialsIn(content: Buffer, pieces: Pieces['pieces'], problems: Problem[]): string[] {
    if (this.#credentials.isEmpty) return [];
    const found = new Set<string>();
    const texts = [content, ...pieces.filter(({ kind }) => kind !== 'plain').map((piece) => piece.content)];
    for (const text of texts) {
      const matches = this.#credentials.inBody(text.toString('latin1'));
      for (const { credential } of matches.found) found.add(credential.id);
      if (!matches.isWhole) problems.push(problemOf('too_large', 'it holds too many words'));
    }
    return [...found];
  }

  #redact(body: Buffer, form: BodyForm, classes: readonly string[] | undefined): BodyAnswer {
    const decoded = decode(body, form.codings);
    if (!decoded.ok) return { task: 'refused', why: decoded.detail };
    const content = asBuffer(decoded.bytes);
    const { pieces, problem } = piecesOf(content, form.type);
    if (problem !== undefined) return { task: 'refused', why: 'its parts could not be told apart' };
    const options = { ...(classes ? { classes } : {}), pseudonym: this.#names.forCopy() };
    const removed: Record<string, number> = {};
    const written: Uint8Array[] = [];
    const limits = { ...defaultLimits, maxMs: this.#setup.maxMs };
    const { documents, isWhole } = embeddedIn(content);
    const isClean = documents.every((one) => {
      const made = redact(sourceOf(one), this.#host, options, limits, this.#scanner);
      return made.ok && Object.keys(made.removed).length === 0;
    });
    if (!isClean || !isWhole) return { task: 'refused', why: 'a document within it holds some of it' };
    let at = 0;
    for (const piece of pieces) {
      const made = redact(sourceOf(piece.content), this.#host, options, limits, this.#scanner);
      if (!made.ok) return { task: 'refused', why: made.why };
      if (Object.keys(made.removed).length === 0) continue;
      const bytes = rewritten(content, piece, made.bytes);
      if (!bytes) return { task: 'refused', why: 'a value is written in a way that cannot be replaced' };
      written.push(content.subarray(at, piece.from), bytes);
      at = piece.to;
      for (const [name, count] of Object.entries(made.removed)) removed[name] = (removed[name] ?? 0) + count;
    }
    if (written.length === 0) return { task: 'redact', body, removed };
    const copy = Buffer.concat([...written, content.subarray(at)]);
    if (isJson(content) && !isJson(copy)) return { task: 'refused', why: 'it would not be JSON any more' };
    if (piecesOf(copy, form.type).pieces.length !== pieces.length)
      return { task: 'refused', why: 'its parts would not be the same any more' };
    const out = encode(copy, form.codings);
    return out
      ? { task: 'redact', body: out, removed }
      : { task: 'refused', why: 'it is coded in a way that cannot be written' };
  }
}

function rewritten(content: Buffer, piece: Piece, bytes: Uint8Array): Uint8Array | undefined {
  switch (piece.kind) {
    case 'plain':
      return bytes;
    case 'field':
      return asField(content.toString('latin1', piece.from, piece.to), bytes);
    case 'coded':
      return undefined;
    default:
      return piece.kind satisfies never;
  }
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function problemOf(code: ProblemCode, detail: string): Problem {
  return { code, part: '', detail };
}

/** Of all pieces together. Values that stand in two of them count twice. */
function merged(seen: readonly Classification[], problems: readonly Problem[]): Classification {
  const classes = new Map<string, Classification['classes'][number]>();
  const labels: Label[] = [];
  for (const one of seen) {
    labels.push(...one.labels);
    for (const found of one.classes) {
      const known = classes.get(found.class);
      classes.set(found.class, {
        class: found.class,
        count: found.count + (known?.count ?? 0),
        distinct: found.distinct + (known?.distinct ?? 0),
        confidence: known && known.confidence > found.confidence ? known.confidence : found.confidence,
      });
    }
  }
  return {
    type: seen.length === 1 ? (seen[0]?.type ?? '') : 'application/octet-stream',
    classes: [...classes.values()],
    labels,
    findings: seen.flatMap(({ findings }) => findings),
    problems: [...problems, ...seen.flatMap((one) => one.problems)],
    complete: problems.length === 0 && seen.every(({ complete }) => complete),
    scannedBytes: seen.reduce((sum, one) => sum + one.scannedBytes, 0),
  };
}
