/** SARIF 2.1.0 (OASIS), for code hosts and CI. Places and reasons, never a value; nothing that a value could be guessed from. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileReport, FoundAt } from '@chaperone/endpoint/scan';

type Result = Readonly<Record<string, unknown>>;

export class Sarif {
  readonly #results: Result[] = [];
  readonly #rules = new Map<string, { readonly id: string; readonly shortDescription: { text: string } }>();
  readonly #notifications: Result[] = [];
  readonly #base: string;

  /** @param base folder that paths are given relative to */
  constructor(base: string) {
    this.#base = base;
  }

  add(one: FileReport): void {
    if (!one.ok) {
      this.#notify(one.path, `could not be read: ${one.why}`);
      return;
    }
    const seen = new Map<string, number>();
    for (const found of one.found) {
      this.#rules.set(found.detector, {
        id: found.detector,
        shortDescription: { text: `Content of class ${found.class}` },
      });
      const nth = seen.get(found.detector) ?? 0;
      seen.set(found.detector, nth + 1);
      this.#results.push(this.#result(one.path, found, nth));
    }
    for (const { code, part, detail } of one.problemsAt)
      this.#notify(one.path, `not read (${code})${part === '' ? '' : ` in ${part}`}: ${detail}`);
  }

  /** One document. */
  document(version: string, isComplete: boolean): unknown {
    return {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: { name: 'chaperone', semanticVersion: version, rules: [...this.#rules.values()] },
          },
          invocations: [{ executionSuccessful: isComplete, toolExecutionNotifications: this.#notifications }],
          originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(this.#base).href.replace(/\/$/, '')}/` } },
          columnKind: 'utf16CodeUnits',
          results: this.#results,
        },
      ],
    };
  }

  #result(
    file: string,
    { detector, class: name, confidence, why, part, line }: FoundAt,
    nth: number,
  ): Result {
    const where = part === '' ? '' : ` in ${part}`;
    return {
      ruleId: detector,
      level: confidence >= 85 ? 'error' : confidence >= 75 ? 'warning' : 'note',
      message: { text: `${name}${where}, confidence ${confidence}: ${why.join(' ')}` },
      locations: [this.#location(file, line)],
      partialFingerprints: { 'chaperone/v1': fingerprint(this.#uri(file), detector, part, nth) },
      properties: { class: name, confidence, ...(part === '' ? {} : { part }) },
    };
  }

  #notify(file: string, text: string): void {
    this.#notifications.push({ level: 'warning', message: { text }, locations: [this.#location(file)] });
  }

  #location(file: string, line?: number): Result {
    return {
      physicalLocation: {
        artifactLocation: { uri: this.#uri(file), uriBaseId: 'ROOT' },
        ...(line === undefined ? {} : { region: { startLine: line } }),
      },
    };
  }

  #uri(file: string): string {
    const relative = path.relative(this.#base, file);
    return relative.split('/').map(encodeURIComponent).join('/');
  }
}

/** Of the place, not of the value: a short value could be guessed from its hash. */
function fingerprint(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
