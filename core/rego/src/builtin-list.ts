import { builtinInfo } from './builtins/names.ts';
import { signatureLines, Signatures } from './builtins/signatures.ts';
import type { Host } from './host.ts';

/** A built-in of OPA, and whether a policy may call it. */
export interface BuiltinSummary {
  readonly name: string;
  /** `(x: number) => y: number`, as OPA declares it. */
  readonly declaration: string;
  /** The operator that spells it. */
  readonly infix?: string;
  readonly deprecated: boolean;
  readonly supported: boolean;
}

/** Every built-in, by name, for programs with this host; policies that call one that is not supported are refused. */
export function builtins(host: Host): readonly BuiltinSummary[] {
  const info = builtinInfo(host);
  const signatures = new Signatures();
  return signatureLines().map((line): BuiltinSummary => {
    const space = line.indexOf(' ');
    const name = line.slice(0, space);
    const [declaration = ''] = line.slice(space + 1).split(' | ');
    const found = signatures.get(name);
    const supported =
      info(name)?.supported === true || PARTS_OF_THE_LANGUAGE.has(name) || isMetadata(name, host);
    return {
      name,
      declaration,
      ...(found?.infix === undefined ? {} : { infix: found.infix }),
      deprecated: found?.deprecated === true,
      supported,
    };
  });
}

/** What the compiler translates itself. */
const PARTS_OF_THE_LANGUAGE: ReadonlySet<string> = new Set(['assign', 'eq', 'internal.template_string']);

/** These are answered from the annotations, when the module is compiled. */
function isMetadata(name: string, host: Host): boolean {
  return name.startsWith('rego.metadata.') && host.yaml !== undefined;
}
