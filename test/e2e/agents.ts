/** Agents as their makers ship them, from npm, in a folder that is kept between runs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './world.ts';

/** Git ignores it. Some 800 MB. */
export const agents = path.join(root, 'bench/.peers/agents');

const versions = {
  '@anthropic-ai/claude-code': '2.1.330',
  '@openai/codex': '0.169.0',
  'playwright-core': '1.65.1',
} as const;
type Package = keyof typeof versions;

const installMs = 170_000;

const installed = (name: Package): boolean => {
  try {
    const manifest = readFileSync(path.join(agents, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version === versions[name];
  } catch {
    return false;
  }
};

/** Installs what is missing, once, where that is asked for. @returns why they cannot be used, or undefined */
export function lacking(): string | undefined {
  const names = Object.keys(versions) as Package[];
  if (names.every(installed)) return undefined;
  if (process.env['CHAPERONE_FULL'] !== '1')
    return 'they are not installed; CHAPERONE_FULL=1 downloads them (800 MB)';
  mkdirSync(agents, { recursive: true });
  const wanted = names.map((name) => `${name}@${versions[name]}`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error, stderr } = spawnSync('npm', ['install', '--prefix', agents, ...options, ...wanted], {
    encoding: 'utf8',
    timeout: installMs,
  });
  if (status === 0) return undefined;
  return `npm does not install ${wanted.join(', ')}: ${error?.message ?? stderr.split('\n')[0] ?? ''}`;
}

/** The program itself: what the package's install script would put in place of its launcher. */
export const claude = path.join(
  agents,
  'node_modules/@anthropic-ai',
  `claude-code-linux-${process.arch}`,
  'claude',
);
export const codex = path.join(agents, 'node_modules/@openai/codex/bin/codex.js');
export const playwright = path.join(agents, 'node_modules/playwright-core');

/** A robot for Playwright as people write them. Arguments: folder of the browser's profile, screenshot, page. */
export const browserRobot = `
const { chromium } = require(process.env.PLAYWRIGHT);
(async ([profile, screenshot, page]) => {
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium', headless: true, chromiumSandbox: true, viewport: { width: 320, height: 200 },
  });
  const tab = await browser.newPage();
  await tab.goto('file://' + page);
  await tab.click('button');
  console.log(await tab.textContent('p'));
  await tab.screenshot({ path: screenshot });
  await browser.close();
})(process.argv.slice(2)).catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** @returns whether the case is to be skipped, and says why */
export function absent(...files: string[]): boolean {
  const missing = files.filter((one) => !existsSync(one));
  if (missing.length > 0) console.log(`skipped: this machine has no ${missing.join(', ')}`);
  return missing.length > 0;
}
