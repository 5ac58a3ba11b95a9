/** Credentials of services: by a form of their own, or by the service's name before the value. */
import type { Detector } from '../../detector.ts';
import { githubChecksum } from './checksums.ts';
import { discordBotToken } from './discord.ts';
import { namedDetector } from './named.ts';
import { namedServices } from './services/index.ts';
import { tokenShapes } from './shapes/index.ts';
import { tokenDetector } from './token.ts';

export const tokenDetectors: readonly Detector[] = [
  ...tokenShapes.map((token) => tokenDetector(token, githubChecksum(token.id))),
  discordBotToken,
  ...namedServices.map(namedDetector),
];
