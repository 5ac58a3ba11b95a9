/**
 * The chaperone command. Plain JavaScript, because the first file is loaded before there is a cache: as TypeScript it
 * would load the type stripper at every start (some 50 ms). Everything else is loaded when it is needed.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

useCompileCache();
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv.slice(2));

/**
 * Cached code is code: it comes from a folder that only this user can write, never from the shared temporary folder
 * that Node takes by default. Without such a folder the start is slower, and nothing else.
 */
function useCompileCache() {
  // Closed in a session, for the same reason; trying would only be recorded.
  if (process.env['CHAPERONE_SESSION']) return;
  try {
    const base = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
    const folder = path.join(base, 'chaperone', 'node');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = lstatSync(folder);
    if (uid === process.geteuid?.() && (mode & 0o022) === 0) enableCompileCache(folder);
  } catch {
    // No home, or a read-only one.
  }
}
