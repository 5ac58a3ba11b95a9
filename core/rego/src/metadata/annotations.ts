import type { Comment, ModuleAst, Rule } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Json } from '../values.ts';
import { parseFields } from './fields.ts';

/** What is used of the package `yaml`. It is handed in, so that a program without annotations does not load it. */
export interface YamlDocuments {
  readonly parseAllDocuments: (text: string) => readonly YamlDocument[];
}

interface YamlDocument {
  readonly errors: readonly (Error & {
    readonly linePos?: readonly { readonly line: number }[] | undefined;
  })[];
  readonly toJS: () => unknown;
}

export type Scope = 'rule' | 'document' | 'package' | 'subpackages';

/** A `# METADATA` block and what it is about. */
export interface Annotation {
  readonly scope: Scope;
  /** As OPA shows it: `scope`, `title`, `description`, `authors`, `custom` … */
  readonly fields: Readonly<Record<string, Json>>;
  readonly at: Location;
  /** The document, below `data`. */
  readonly path: readonly string[];
  /** The rule that it stands above, unless it stands above the package. */
  readonly rule: Rule | null;
}

const SCOPES: readonly string[] = ['rule', 'document', 'package', 'subpackages'];

/** Reads the annotations of a module; throws RegoError for the first that is not valid. */
export function readAnnotations(ast: ModuleAst, yaml: YamlDocuments): Annotation[] {
  return blocks(ast.comments).map((block) => readBlock(ast, block, yaml));
}

/** Runs of comments on lines of their own that begin with `METADATA`. */
function blocks(comments: readonly Comment[]): Comment[][] {
  const found: Comment[][] = [];
  let open: Comment[] | null = null;
  for (const comment of comments) {
    if (comment.col !== 1) open = null;
    else if (comment.text.trim().startsWith('METADATA')) {
      open = [comment];
      found.push(open);
    } else if (open !== null) {
      if (open.at(-1)?.row === comment.row - 1) open.push(comment);
      else open = null;
    }
  }
  return found;
}

function readBlock(ast: ModuleAst, block: readonly Comment[], yaml: YamlDocuments): Annotation {
  const row = block[0]?.row ?? 1;
  const at: Location = { file: ast.file, row, col: 1 };
  const [raw, place] = readYaml(ast.file, block, yaml);
  const fields = parseFields(raw, place);
  const below = ast.rules.find((rule) => rule.at.row > row) ?? null;
  const first = ast.imports.find((one) => one.at.row > row) ?? null;
  const kind =
    ast.at.row > row
      ? 'package'
      : first !== null && (below === null || first.at.row < below.at.row)
        ? 'import'
        : 'rule';
  const entrypoint = fields['entrypoint'] === true;
  const given = fields['scope'];
  const scope = given ?? (kind === 'rule' && entrypoint ? 'document' : kind);
  const fail = (message: string): never => {
    throw new RegoError('rego_parse_error', message, at);
  };
  if (typeof scope !== 'string' || !SCOPES.includes(scope))
    return fail(
      `invalid annotation scope '${typeof scope === 'string' ? scope : JSON.stringify(scope)}'. Use one of 'rule', 'document', 'package', or 'subpackages'`,
    );
  const wanted = scope === 'rule' || scope === 'document' ? 'rule' : 'package';
  if (wanted !== kind || (kind === 'rule' && below === null))
    return fail(
      `annotation scope '${scope}' must be applied to ${wanted}${below === null && kind === 'rule' ? '' : ` (have ${kind})`}`,
    );
  if (entrypoint && scope !== 'document' && scope !== 'package')
    return fail(`annotation entrypoint applied to non-document or package scope '${scope}'`);
  const rule = kind === 'rule' ? below : null;
  const path = rule === null ? ast.package : [...ast.package, ...constantRef(rule)];
  return { scope: scope as Scope, fields: { ...fields, scope }, at, path, rule };
}

function readYaml(
  file: string,
  block: readonly Comment[],
  yaml: YamlDocuments,
): readonly [unknown, Location] {
  const lines = block.slice(1);
  const at: Location = { file, row: block[0]?.row ?? 1, col: 1 };
  const text = lines.map((line) => (line.text.startsWith(' ') ? line.text.slice(1) : line.text)).join('\n');
  if (text.trim() === '')
    throw new RegoError('rego_parse_error', 'expected METADATA block, found whitespace', at);
  const [document] = yaml.parseAllDocuments(`${text}\n`);
  const [error] = document?.errors ?? [];
  if (error !== undefined) {
    const line = lines[(error.linePos?.[0]?.line ?? 1) - 1];
    const reason = error.message.split('\n')[0] ?? '';
    throw new RegoError('rego_parse_error', `yaml: ${reason}`, { ...at, row: line?.row ?? at.row });
  }
  return [document?.toJS(), at];
}

/** The constant beginning of a rule's reference. */
function constantRef({ head }: Rule): string[] {
  const path: string[] = [];
  for (const key of head.ref) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') break;
    path.push(key.v);
  }
  return path;
}
