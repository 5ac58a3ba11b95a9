/** Discord's bot tokens have no prefix, but begin with the bot's id, decimal digits in base64url. */
import type { Detector } from '../../detector.ts';
import { entropy } from '../credential-value.ts';

/** How three digits begin such a token: 900 words of four letters. */
function beginnings(): string[] {
  const words = new Set<string>();
  for (let id = 100; id < 1000; id++) {
    const bits = [...String(id)].reduce((sum, digit) => sum * 256 + digit.charCodeAt(0), 0);
    words.add(
      [18, 12, 6, 0]
        .map((shift) => letter((bits >> shift) & 63))
        .join('')
        .toLowerCase(),
    );
  }
  return [...words];
}

const letter = (six: number): string =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[six] ?? '';

export const discordBotToken: Detector = {
  id: 'discord.bot_token_by_form',
  class: 'credential.discord',
  name: 'Discord bot token',
  token: 'DISCORD_TOKEN',
  find: { on: 'words', words: beginnings(), at: 'here' },
  pattern:
    /(?<![A-Za-z0-9_.-])(?<value>[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})(?![A-Za-z0-9_-])/,
  check: (value) => entropy(value) > 3.5,
  confidence: { alone: 85, supported: 85 },
  source:
    "Discord's API documentation, authentication: the bot's id in base64url, a time stamp and a signature, parted by dots.",
};
