/** Policies and folders for tests of the decision step. */
import {
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPolicy, type Policy } from '@chaperone/policy';
import { onTestFinished } from 'vitest';
import type { Limits } from '../src/decide/limits.ts';
import { carriedOut } from '../src/obligations/carry-out.ts';

/** @param rules Rego below the package line; denies by default */
export function aPolicy(rules: string): Policy {
  const source = `package chaperone.access\n\ndefault decision := {"allow": false}\n\n${rules}\n`;
  return loadPolicy({
    modules: [{ file: 'access.rego', source }],
    revision: 'r1',
    knownObligations: carriedOut,
  });
}

/** A policy with one `allow` for each of these conditions. */
export function anAllow(...conditions: string[]): Policy {
  const rules = conditions.map((one) => `allowed if { ${one} }`).join('\n');
  return aPolicy(`decision := {"allow": true} if allowed\n${rules}`);
}

export const noLimits: Limits = {
  closed: [],
  sealed: [],
  granted: { read: ['/'], write: ['/'], execute: ['/'] },
};

/** Files by name, folders by a closing slash, links as `name -> target`. */
export function aTree(...entries: string[]): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tree-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const entry of entries) {
    const [name = '', target] = entry.split(' -> ');
    const full = path.join(root, name);
    mkdirSync(name.endsWith('/') ? full : path.dirname(full), { recursive: true });
    if (target !== undefined) symlinkSync(target, full);
    else if (!name.endsWith('/')) writeFileSync(full, name);
  }
  return root;
}

export const listFolder = (folder: string): Dirent[] => readdirSync(folder, { withFileTypes: true });
