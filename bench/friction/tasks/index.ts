/** All tasks, in the order in which they run. */
import type { Task } from '../task.ts';
import { assistants } from './assistants.ts';
import { builds } from './builds.ts';
import { robots } from './documents.ts';
import { repositories } from './git.ts';
import { packaging } from './packages.ts';
import { running } from './programs.ts';
import { shells } from './shell.ts';
import { sheets } from './tables.ts';

export const tasks: readonly Task[] = [
  ...builds,
  ...repositories,
  ...packaging,
  ...running,
  ...shells,
  ...robots,
  ...sheets,
  ...assistants,
];
