/** The variables by which programs are told whom to trust. */
import path from 'node:path';
import { readWhole } from '@chaperone/egress/roots';
import { findProgram } from '../doctor/try.ts';
import { realFile } from './mount.ts';

/** Name a file that stands in place of the program's own authorities. */
const replacing = [
  // OpenSSL and what is linked with it (Python's ssl, Ruby, PHP, .NET), Go, Rust's native roots.
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'HTTPLIB2_CA_CERTS',
  'AWS_CA_BUNDLE',
  'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
  'CARGO_HTTP_CAINFO',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'PERL_LWP_SSL_CA_FILE',
  'HEX_CACERTS_PATH',
];
/** Name a file that adds to the program's own. */
const adding = ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'];
/** Replace, and are only needed where the user has set them: without, the program follows another variable. */
const followed = ['NIX_SSL_CERT_FILE', 'npm_config_cafile', 'NPM_CONFIG_CAFILE', 'CONDA_SSL_VERIFY'];

export type VariablesOptions = {
  /** The machine's authorities and the session's. */
  readonly bundle: string;
  /** The session's alone. */
  readonly alone: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** @returns a file of that name with the certificates of the user's own and the session's; undefined when it has none */
  readonly withOwn: (file: string, name: string) => string | undefined;
};

export function variablesFor({ bundle, alone, environment, home, withOwn }: VariablesOptions): {
  readonly variables: Record<string, string>;
  readonly notes: readonly string[];
} {
  const known = new Map<string, string | undefined>();
  const own = (file: string | undefined): string | undefined => {
    if (file === undefined || !path.isAbsolute(file)) return undefined;
    if (!known.has(file)) known.set(file, withOwn(file, `own-${known.size}.pem`));
    return known.get(file);
  };
  const variables: Record<string, string> = {};
  for (const name of replacing) variables[name] = own(environment[name]) ?? bundle;
  for (const name of adding) variables[name] = own(environment[name]) ?? alone;
  for (const name of followed) {
    const file = own(environment[name]);
    if (file !== undefined) variables[name] = file;
  }
  // Both stand above the user's file, which would be forgotten.
  const git = setting(path.join(home, '.gitconfig'), 'sslcainfo', home);
  variables['GIT_SSL_CAINFO'] = own(environment['GIT_SSL_CAINFO'] ?? git) ?? bundle;
  const npmrc = npmFiles(environment, home).map((file) => setting(file, 'cafile', home));
  const npm = own(npmrc.find((file) => file !== undefined));
  if (npm !== undefined) variables['npm_config_cafile'] ??= npm;
  const folder = environment['SSL_CERT_DIR'];
  const notes =
    folder === undefined || folder === ''
      ? []
      : [
          "SSL_CERT_DIR is set: programs that look there only do not trust the session's authority; unset it for the session",
        ];
  return { variables, notes };
}

/** Of the user, then of the installation that runs it; the first that names a file counts. */
function npmFiles(environment: VariablesOptions['environment'], home: string): string[] {
  const node = findProgram('node', environment);
  const prefixes = (node === undefined ? [] : realFile(node)).map((file) => path.resolve(file, '../..'));
  return [path.join(home, '.npmrc'), ...prefixes.map((prefix) => path.join(prefix, 'etc/npmrc'))];
}

const maxSettings = 200_000;

/** @returns the last value that a file of `name = value` lines gives; `~` is the user's home. */
function setting(file: string, name: string, home: string): string | undefined {
  const values = (readWhole(file, maxSettings) ?? '').split('\n').flatMap((line) => {
    const [key = '', ...rest] = line.split('=');
    return key.trim().toLowerCase() === name ? [unquoted(rest.join('=').trim())] : [];
  });
  const value = values.at(-1);
  return value?.startsWith('~/') ? path.join(home, value.slice(2)) : value;
}

function unquoted(text: string): string {
  const bytes = text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  return Buffer.from(bytes, 'latin1').toString();
}
