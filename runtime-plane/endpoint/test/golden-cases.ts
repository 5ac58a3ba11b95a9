/** The golden cases of the shipped profiles, and the session in which they are asked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DecisionInput } from '@chaperone/protocol';

export type GoldenCase = {
  readonly name: string;
  readonly input: DecisionInput;
  readonly set?: readonly string[];
  readonly expect: {
    readonly allow: boolean;
    readonly reason?: string;
    readonly rules?: readonly string[];
    /** One of the stores that are named. */
    readonly stores?: string;
    readonly obligations?: readonly unknown[];
  };
};

export const policies = path.resolve(import.meta.dirname, '../../../policies');
export const session = {
  home: '/home/u',
  workspace: '/home/u/work',
  user: 'u',
  tmp: '/tmp',
  git: ['/home/u/work/.git'],
  program: '/usr/bin/agent',
};

/** Ids of the profiles that have this file. */
export function profilesWith(file: string): string[] {
  return readdirSync(policies).filter((id) => existsSync(path.join(policies, id, file)));
}

export function casesOf(id: string): GoldenCase[] {
  return JSON.parse(readFileSync(path.join(policies, id, 'cases.json'), 'utf8')) as GoldenCase[];
}
