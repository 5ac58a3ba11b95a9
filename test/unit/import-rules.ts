/**
 * The import rules of ARCHITECTURE.md as a function over source text. Not a linter's configuration, because a linter
 * that fails to resolve a file passes in silence.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Import = {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  readonly specifier: string;
  /** Relative to the root for a file or a workspace package; the specifier itself for `node:` and third parties. */
  readonly target: string;
  readonly typeOnly: boolean;
};

const steps = ['intercept', 'context', 'decide', 'obligations', 'enforce', 'record'];
const endpoint = 'runtime-plane/endpoint/src/';
const nodeHost = /^core\/(?:rego|dlp)\/src\/node\//;

/** Workspace packages by name, as folders. Read from the tree, so a new package is under the rules at once. */
export function workspaces(root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of globSync('{core,runtime-plane,control-plane}/*/package.json', { cwd: root }).concat(
    'cli/package.json',
  )) {
    const { name } = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as { name: string };
    found.set(name, path.posix.dirname(file));
  }
  return found;
}

/** Static, re-exporting, dynamic and type imports of every source file (tests left out). */
export function readImports(root: string): Import[] {
  const packages = workspaces(root);
  const files = globSync('{core,runtime-plane,control-plane,cli}/**/*.{ts,tsx,mts,js,mjs}', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'test' || name === 'build',
  });
  return files.flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8'), packages));
}

const statement =
  /(?:^|[;\n])\s*(import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s*)?(['"])([^'"\n]+)\3|\b(?:import|require)\s*\(\s*(['"`])([^'"`\n]+)\5/g;

function importsOf(file: string, source: string, packages: ReadonlyMap<string, string>): Import[] {
  // Comments quote code; a commented import is none.
  const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(statement)].map((match) => {
    const specifier = match[4] ?? match[6] ?? '';
    return { file, specifier, target: resolve(file, specifier, packages), typeOnly: match[2] !== undefined };
  });
}

function resolve(file: string, specifier: string, packages: ReadonlyMap<string, string>): string {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
  for (const [name, folder] of packages) {
    if (specifier === name) return `${folder}/src/index.ts`;
    if (specifier.startsWith(`${name}/`)) return `${folder}/src/${specifier.slice(name.length + 1)}/index.ts`;
  }
  return specifier;
}

/** One sentence per broken rule. */
export function violations(imports: readonly Import[]): string[] {
  return imports.flatMap((item) => {
    const broken = brokenRule(item);
    return broken === undefined ? [] : [`${item.file} imports ${item.specifier}: ${broken}`];
  });
}

function brokenRule({ file, target, typeOnly }: Import): string | undefined {
  if (file.startsWith('core/')) {
    // docs/adr/0005: the folders of core that know Node, which nothing in core reaches.
    const isNodeHost = nodeHost.test(file);
    if (isBuiltin(target) && !isNodeHost) return 'core does no I/O';
    if (nodeHost.test(target) && !isNodeHost) return 'core never reaches the Node host';
    if (isPlane(target)) return 'core knows neither plane';
  }
  if (target.startsWith('cli/') && !file.startsWith('cli/')) return 'nothing imports cli';
  if (planeOf(file) && planeOf(target) && planeOf(file) !== planeOf(target))
    return 'planes never import each other';
  if (file.startsWith('control-plane/console/') && target.startsWith('control-plane/server/') && !typeOnly) {
    return 'the console takes types only from the server';
  }
  if (
    file.startsWith('control-plane/server/src/http/') &&
    target.startsWith('control-plane/server/src/store/')
  ) {
    return 'http never imports store';
  }
  return brokenStepRule(file, target);
}

/** Only the flow, the wiring and the session's set-up see two steps. */
function brokenStepRule(file: string, target: string): string | undefined {
  const from = stepOf(file);
  const to = stepOf(target);
  if (from !== undefined && to !== undefined && from !== to)
    return `the step ${from} never imports the step ${to}`;
  if (from === undefined && to !== undefined && file.startsWith(endpoint)) {
    const rest = file.slice(endpoint.length);
    if (!/^(?:flow|main|session[\w-]*)\.ts$|^session\//.test(rest))
      return 'only flow, main and session files see the steps';
  }
  return undefined;
}

function stepOf(file: string): string | undefined {
  if (!file.startsWith(endpoint)) return undefined;
  const folder = file.slice(endpoint.length).split('/')[0];
  return folder !== undefined && steps.includes(folder) ? folder : undefined;
}

function planeOf(file: string): string | undefined {
  return /^(runtime-plane|control-plane)\//.exec(file)?.[1];
}

function isPlane(target: string): boolean {
  return planeOf(target) !== undefined || target.startsWith('cli/');
}

const builtins: ReadonlySet<string> = new Set(
  'assert buffer child_process cluster crypto dgram dns events fs http http2 https module net os path process readline stream tls tty url util v8 vm worker_threads zlib'.split(
    ' ',
  ),
);

export function isBuiltin(target: string): boolean {
  return target.startsWith('node:') || builtins.has(target.split('/')[0] ?? '');
}
