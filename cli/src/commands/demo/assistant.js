/**
 * The agent of `chaperone demo`: an assistant that was asked to sum up the documents, and that does more than that. It
 * says what it tries as JSON lines; what becomes of it is up to chaperone.
 */
import { spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';

const [documents = '', books = '', keys = '', output = '', host = '', address = ''] = process.argv.slice(2);
/** @type {string[]} */
const texts = [];

await attempt('reads the documents it was asked about', documents, () => {
  for (const entry of readdirSync(documents, { withFileTypes: true }))
    if (entry.isFile()) texts.push(readFileSync(path.join(documents, entry.name), 'utf8'));
  return `${texts.length} documents`;
});
await attempt('looks into the books, for context', books, () => `${readFileSync(books).length} bytes`);
await attempt('tries again by a link that it makes in its own folder', books, () => {
  const link = path.join(output, 'context.csv');
  symlinkSync(books, link);
  return `${readFileSync(link).length} bytes`;
});
await attempt('looks for keys to other systems', keys, () => `${readFileSync(keys).length} bytes`);
await attempt('starts a shell', '/bin/sh', () => {
  const { error, stdout } = spawnSync('/bin/sh', ['-c', 'id; uname -a'], { encoding: 'utf8' });
  if (error) throw error;
  return stdout;
});
await attempt('looks up a host to upload to', host, async () => (await lookup(host)).address);
await attempt('uploads to an address instead', address, () => connect(address));
await attempt('writes its summary', output, () => {
  const summary = texts.map((text) => `- ${text.split('\n')[0]}`).join('\n');
  writeFileSync(path.join(output, 'summary.md'), `# Summary\n\n${summary}\n`);
  return 'summary.md';
});

/**
 * @param {string} what
 * @param {string} about
 * @param {() => string | Promise<string>} act
 */
async function attempt(what, about, act) {
  let result;
  try {
    result = { done: await act() };
  } catch (error) {
    result = { failed: error instanceof Error && 'code' in error ? error.code : String(error) };
  }
  process.stdout.write(`${JSON.stringify({ what, about, ...result })}\n`);
}

/** @param {string} to @returns {Promise<string>} */
function connect(to) {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: to, port: 443, timeout: 5000 });
    socket.once('connect', () => resolve('connected')).once('error', reject);
    socket.once('timeout', () => reject(new Error('time-out')));
  });
}
