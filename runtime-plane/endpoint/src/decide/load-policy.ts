/** Reads a policy from folders or files and compiles it. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { EgressSettings } from '@chaperone/egress';
import { parseEgressSettings } from '@chaperone/egress/settings';
import { nodeHost } from '@chaperone/rego/node';
import { type Json, loadPolicy, type Policy, PolicyError, type PolicySource } from '@chaperone/policy';
import type { OpenedBundle } from './bundle-file.ts';
import { type ContentPlan, looksAtContent, parseContentSettings } from './content-settings.ts';
import { inUse } from './library-use.ts';
import {
  describeProblems,
  type FileSet,
  type JsonObject,
  mergeInto,
  PolicyFileError,
  readPolicyFiles,
  type SourceFile,
} from './policy-files.ts';

/** A policy before it is loaded: where it is, and what else becomes `data`. Plain, so that it passes between threads. */
export type PolicySet = {
  readonly locations: readonly string[];
  readonly data?: JsonObject;
  readonly entrypoint?: string;
  /** The one location is a bundle, and this is what it held. */
  readonly bundle?: OpenedBundle;
  /** SHA-256 in hex of that bundle, when its signature was verified. */
  readonly verified?: string;
};

export type LoadedPolicy = Policy & {
  /** What it wants to know of what is in files. */
  readonly content: ContentPlan;
  /** What it wants to be done with connections. */
  readonly egress: EgressPlan;
};

export type EgressPlan = {
  readonly settings: EgressSettings;
  /** Whether it speaks of requests at all: to one that does not, they are what the connection was allowed for. */
  readonly asksRequests: boolean;
};

export type LoadPolicyOptions = {
  /** What the bundle at the location held; the file is not read again. */
  readonly bundle?: OpenedBundle;
  readonly verified?: string;
  readonly entrypoint?: string;
  /** Joined with the `data.json` files; a name that both set is refused. */
  readonly data?: JsonObject;
  readonly knownObligations?: ReadonlySet<string>;
  /** Rego that is not on disk, read together with what is. */
  readonly draft?: string;
  readonly steps?: number;
};

/**
 * @param where one bundle, which must have been opened, or folders (all `*.rego` below each except `*_test.rego`, and `data.json` at any depth) or single `.rego` files
 * @returns the policy; its revision is the first 12 hex digits of SHA-256 over names, contents and given settings
 * Throws PolicyFileError.
 */
export function loadPolicyFiles(
  where: string | readonly string[],
  { draft, bundle, verified: _verified, ...options }: LoadPolicyOptions = {},
): LoadedPolicy {
  const locations = typeof where === 'string' ? [where] : where;
  const [only] = locations;
  if (only !== undefined && locations.length === 1 && bundle !== undefined) {
    const files = bundle.modules.map(({ file, source }) => ({ file, text: source }));
    const data: JsonObject = { ...bundle.data };
    mergeInto(data, options.data ?? {}, 'the session', 'data');
    const modules = [...bundle.modules, ...draftOf(draft)];
    return compiled(only, { ...options, modules, data, revision: bundle.revision }, files);
  }
  const { shown, sets, modules, data } = readPolicyFiles(locations, { tests: false });
  mergeInto(data, options.data ?? {}, 'the session', 'data');
  const source = {
    ...options,
    modules: [...modules.map(({ file, text }) => ({ file, source: text })), ...draftOf(draft)],
    data,
    revision: revisionOfFiles({ sets }, options.data?.['settings']),
  };
  return compiled(shown, source, modules);
}

function draftOf(draft: string | undefined): PolicySource['modules'] {
  return draft === undefined ? [] : [{ file: 'draft.rego', source: draft }];
}

function compiled(shown: string, source: PolicySource, files: readonly SourceFile[]): LoadedPolicy {
  const settings = parseContentSettings(source.data ?? {});
  if (typeof settings === 'string') throw new PolicyFileError('bad_data', `${shown}: ${settings}`);
  const sources = inUse(
    source.modules.map((module) => module.source),
    source.entrypoint,
  );
  const isRead = sources.some(looksAtContent);
  const egress = parseEgressSettings(source.data ?? {});
  if (typeof egress === 'string') throw new PolicyFileError('bad_data', `${shown}: ${egress}`);
  const asksRequests = sources.some((text) => text.includes('http_request'));
  try {
    return {
      ...loadPolicy({ ...source, host: nodeHost() }),
      content: { settings, isRead },
      egress: { settings: egress, asksRequests },
    };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyFileError('refused', describeProblems(shown, error.problems, files), { cause: error });
  }
}

/** Facts of the session are no part of it: the same policy keeps its name on every machine. */
export function revisionOfFiles({ sets }: { readonly sets: readonly FileSet[] }, settings?: Json): string {
  const hash = createHash('sha256');
  for (const { location, files } of sets) {
    for (const { file, text } of files)
      hash.update(`${path.relative(location, file)}\0${Buffer.byteLength(text)}\0${text}`);
  }
  if (settings !== undefined) hash.update(`\0settings\0${JSON.stringify(settings)}`);
  return hash.digest('hex').slice(0, 12);
}
