/** A thread that classifies one file after the other, and says where in it something was found. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type Classification, classify, defaultLimits, type Source } from '@chaperone/dlp';
import { fileSource, nodeDlpHost, scannerFor } from '@chaperone/dlp/node';
import { attributeLabels } from './context/attribute-labels.ts';
import { asContent, type Content, type ContentRules } from './context/content-facts.ts';
import { openFiles } from './intercept/files.ts';

export type ScanSetup = { readonly rules: ContentRules };

export type FoundAt = {
  readonly detector: string;
  readonly class: string;
  readonly confidence: number;
  readonly why: readonly string[];
  readonly part: string;
  /** From 1; only of plain text files. */
  readonly line?: number;
};

export type ScannedFile = Content & {
  readonly bytes: number;
  /** The first ones. */
  readonly found: readonly FoundAt[];
  readonly problemsAt: readonly { readonly code: string; readonly part: string; readonly detail: string }[];
};

export type ScanAnswer = ({ readonly ok: true } & ScannedFile) | { readonly ok: false; readonly why: string };

const maxFound = 200;
const chunkBytes = 1 << 20;

const port = parentPort;
if (!port) throw new Error('files are scanned in a thread of its own');
const { rules } = workerData as ScanSetup;
const host = nodeDlpHost();
const scanner = scannerFor(rules);
const files = openFiles();

port.on('message', (path: string) => port.postMessage(scan(path)));

function scan(path: string): ScanAnswer {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    return { ok: false, why: codeOf(error) };
  }
  try {
    if (!fstatSync(fd).isFile()) return { ok: false, why: 'it is no regular file' };
    const source = fileSource(fd);
    const found = classify(source, host, { ...defaultLimits, maxFindings: maxFound }, scanner);
    const attributes = attributeLabels(files.attributes(fd));
    const content = asContent(found, { path, rules, attributes });
    const kept = new Set(content.findings.map((one) => one.class));
    return {
      ok: true,
      ...content,
      bytes: source.size,
      found: places(found, source).filter((one) => kept.has(one.class)),
      problemsAt: found.problems.slice(0, maxFound),
    };
  } catch (error) {
    return { ok: false, why: codeOf(error) };
  } finally {
    closeSync(fd);
  }
}

/** Lines of what was found in plain text; text within documents has none. */
function places({ findings, type }: Classification, source: Source): FoundAt[] {
  const inText = type.startsWith('text/') && !hasWideCharacters(source);
  const sorted = findings.toSorted((a, b) => a.start - b.start);
  const lineAt = inText ? lineCounter(source) : undefined;
  return sorted.map(({ detector, class: name, confidence, why, part, start }) => ({
    detector,
    class: name,
    confidence,
    why,
    part,
    ...(lineAt && part === '' ? { line: lineAt(start) } : {}),
  }));
}

/** @returns a function that must be asked in ascending order */
function lineCounter(source: Source): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    while (at < offset) {
      const chunk = source.read(at, Math.min(chunkBytes, offset - at));
      if (chunk.length === 0) break;
      for (const byte of chunk) if (byte === 0x0a) line += 1;
      at += chunk.length;
    }
    return line;
  };
}

function hasWideCharacters(source: Source): boolean {
  const [a, b] = source.read(0, 2);
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'it could not be read';
}
