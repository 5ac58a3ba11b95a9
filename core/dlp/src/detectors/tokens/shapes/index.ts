import { parseTokens, type TokenShape } from '../token.ts';
import { models } from './ai.ts';
import { business } from './business.ts';
import { chats } from './chat.ts';
import { clouds } from './cloud.ts';
import { vcsAndBuild } from './vcs-ci.ts';

export const tokenShapes: readonly TokenShape[] = [vcsAndBuild, clouds, chats, business, models].flatMap(
  parseTokens,
);
