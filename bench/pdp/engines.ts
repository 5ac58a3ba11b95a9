/** What decides: this package with both of its back-ends, and the peers that are at hand. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compile } from '../../core/rego/src/index.ts';
import type { Json } from '../../core/rego/src/index.ts';
import { data } from './documents.ts';

export interface Engine {
  readonly name: string;
  readonly loadMs: number;
  readonly decide: (input: unknown) => unknown;
}

const document = 'bench/pdp/decision';
const base = data as unknown as Json;

/** This package. */
export function ownEngine(name: string, source: string, backend: 'javascript' | 'closures'): Engine {
  const started = performance.now();
  const program = compile([{ file: 'policy.rego', source }], { data: base, backend });
  const entry = program.entrypoint(document);
  return { name, loadMs: performance.now() - started, decide: (input) => entry.evaluate(input) };
}

/** The peer from npm, on WebAssembly that `opa` makes of the same policy. */
export async function wasmEngine(folder: Folder, opa: string, source: string): Promise<Engine> {
  const { loadPolicy } = await import('@open-policy-agent/opa-wasm');
  const policy = folder.file('policy.rego', source);
  run(opa, ['build', '-t', 'wasm', '-e', document, '-o', folder.at('bundle.tar.gz'), policy]);
  run('tar', ['-xzf', folder.at('bundle.tar.gz'), '-C', folder.path, '/policy.wasm']);
  const wasm = readFileSync(folder.at('policy.wasm'));
  const started = performance.now();
  const loaded = await loadPolicy(wasm);
  loaded.setData(data);
  return {
    name: 'opa-wasm',
    loadMs: performance.now() - started,
    decide: (input) => (loaded.evaluate(input) as readonly { readonly result: unknown }[])[0]?.result,
  };
}

/** What `opa bench` says of itself, and its decision for the input. */
export interface OpaFigures {
  readonly medianUs: number;
  readonly p99Us: number;
  readonly decide: (input: unknown) => unknown;
}

export function opaFigures(folder: Folder, opa: string, source: string, input: object): OpaFigures {
  const policy = folder.file('policy.rego', source);
  const dataFile = folder.file('data.json', JSON.stringify(data));
  const query = `data.${document.replaceAll('/', '.')}`;
  const asked = (command: readonly string[], given: unknown): unknown => {
    const files = ['-d', policy, '-d', dataFile, '-i', folder.file('input.json', JSON.stringify(given))];
    return JSON.parse(run(opa, [...command, '--format', 'json', ...files, query]));
  };
  const bench = asked(['bench'], input) as { readonly Extra: Readonly<Record<string, number>> };
  const figure = (name: string): number =>
    (bench.Extra[`histogram_timer_rego_query_eval_ns_${name}`] ?? NaN) / 1000;
  return {
    medianUs: figure('median'),
    p99Us: figure('99%'),
    decide: (given) => {
      const answer = asked(['eval'], given) as {
        readonly result?: readonly { readonly expressions: readonly { readonly value: unknown }[] }[];
      };
      return answer.result?.[0]?.expressions[0]?.value;
    },
  };
}

function run(command: string, args: readonly string[]): string {
  const ran = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.status === 0) return ran.stdout;
  const why = ran.error?.message ?? (ran.stderr || ran.stdout).slice(0, 400);
  throw new Error(`${path.basename(command)} ${args[0] ?? ''} does not work: ${why}`);
}

/** A folder for what the peers read; removed in the end. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(path.join(tmpdir(), 'bench-pdp-'));

  at(name: string): string {
    return path.join(this.path, name);
  }

  file(name: string, content: string): string {
    writeFileSync(this.at(name), content);
    return this.at(name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
