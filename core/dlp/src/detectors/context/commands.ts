/** Passwords that command lines and calls carry by position, without a name. */
import type { Checked, Detector } from '../../detector.ts';
import { high, low, medium } from './bands.ts';
import { kindOf, looksLikeCode } from './value.ts';

function judge(all: string, match: RegExpExecArray): Checked {
  const value = match.groups?.['password'] ?? all;
  if (/^[$<{%-]|\$\{|\$\(|^[\w.]+\(/.test(value) || looksLikeCode(value, true)) return false;
  const kind = kindOf(value, true);
  return kind === 'random' ? high : kind === 'chosen' ? medium : kind === 'plain' && low;
}

export function command(
  id: string,
  name: string,
  words: readonly string[],
  pattern: RegExp,
  source: string,
): Detector {
  return {
    id: `command.${id}`,
    class: 'credential.command_line',
    name,
    token: 'PASSWORD',
    find: { on: 'words', at: 'here', words },
    pattern,
    check: judge,
    confidence: low,
    neverAlone: true,
    source,
  };
}

export const commandDetectors: readonly Detector[] = [
  command(
    'curl',
    'name and password for curl',
    ['curl'],
    /curl[^\n|]{0,300}?\s(?:-u|--user|--proxy-user|-U)[ =]{0,3}(?<q>\\?["']?)(?<value>[^\s:"']{0,100}:["']?(?<password>[^\s"'\\]{3,200}))/,
    'curl(1)',
  ),
  command(
    'userpwd',
    'name and password for libcurl',
    ['userpwd'],
    /userpwd["']?\s?[,=]>?\s{0,3}["'][^\s:"']{0,80}:(?<value>[^\s"']{3,200})["']/i,
    'CURLOPT_USERPWD(3)',
  ),
  command(
    'keypasswd',
    'pass phrase for libcurl',
    ['keypasswd', 'proxypassword', 'curlopt_password', 'tlsauth_password'],
    /[a-z_]{8,24},\s{0,3}["'](?<value>[^"'\n]{4,200})["']/i,
    'CURLOPT_KEYPASSWD(3)',
  ),
  command(
    'mysql',
    'password for a MySQL program',
    ['mysql', 'mariadb'],
    /(?:mysql(?:dump|admin|import|show)?|mariadb(?:-dump|-admin)?)\s[^\n|;]{0,120}?(?<=\s)-p(?<q>["']?)(?<value>[^\s"'$-][^\s"']{2,100})/i,
    'mysql(1)',
  ),
  command(
    'sshpass',
    'password for sshpass',
    ['sshpass'],
    /sshpass\s{1,3}(?:-\w\s{1,3}){0,2}-p\s{0,3}(?<q>["']?)(?<value>[^\s"']{3,200})/,
    'sshpass(1)',
  ),
  command(
    'openssl',
    'pass phrase for OpenSSL',
    ['pass:'],
    /pass:(?<value>[^\s"'\\:]{3,200})/i,
    'openssl-passphrase-options(1)',
  ),
  command(
    'secure_string',
    'password in PowerShell',
    ['convertto-securestring'],
    /ConvertTo-SecureString\s{1,3}(?:-(?:String|AsPlainText|Force|Key)\s{1,3}){0,3}\\{0,3}["']?(?<value>[^\s"'\\-][^\s"'\\]{3,200})/i,
    'Microsoft.PowerShell.Security',
  ),
  command(
    'network_credential',
    'name and password in .NET',
    [
      'networkcredential',
      'directoryentry',
      'pscredential',
      'usernamepasswordcredential',
      'basicauth',
      'passwordauthentication',
    ],
    /[a-z]{9,30}\(\s?["'](?<value>(?:[^"'\n]{0,120}["'],\s?["']){1,3}(?<password>[^"'\n]{3,200}))["']/i,
    'System.Net.NetworkCredential',
  ),
  command(
    'psexec',
    'password for a Windows program',
    ['psexec', 'psexec64', 'net use', 'net user', 'wmic', 'winexe', 'rasdial', 'cmdkey', 'schtasks'],
    /(?:psexec|net use|winexe|wmic|rasdial|cmdkey|schtasks)[^\n]{0,160}?\s[-/]u(?:ser)?[: ]\s{0,2}(?<value>\S{1,80}\s{1,3}[-/](?:p|rp|pass|password)[: ]\s{0,2}["']?(?<password>[^\s"'-][^\s"']{2,100}))/i,
    'PsExec documentation',
  ),
  command(
    'login',
    'password of a log-in',
    [
      'docker login',
      'podman login',
      'az login',
      'helm registry',
      'oc login',
      'npm login',
      'heroku',
      'ldapsearch',
      'ldapmodify',
      'redis-cli',
      'sqlcmd',
      'smbclient',
      'xfreerdp',
      'rdesktop',
      'htpasswd',
      'ipmitool',
      'lftp',
      'ansible',
      'mongo',
      'rabbitmqctl',
      'svn',
      'wget',
      'connect-',
    ],
    /[a-z -]{3,20}\s[^\n|;]{0,160}?(?<=\s)(?:-p|-w|-a|-P|\/p(?=:)|-pw|-password|--pass(?:word)?)[ =:]\s{0,2}["']?(?<value>[^\s"'$<-][^\s"']{3,100})/i,
    'The manual pages of these programs',
  ),
  command(
    'sql',
    'password in an SQL statement',
    [
      'identified by',
      'identified with',
      'with password',
      'encrypted password',
      'set password',
      'login password',
      'user password',
      'role password',
    ],
    /(?:identified (?:with \w{1,40} )?by|(?:with|encrypted|set|login|user|role) password)(?:\s?[=(]|\s{1,3}for [^=\n]{1,80}=)?\s{0,3}(?:password\()?\s?(?:N?['"](?<value>[^'"\n]{3,200})['"]|(?<=identified by\s{1,3})(?<value>[^\s'";]{4,60})(?=;|$))/i,
    'SQL reference of MySQL, Oracle, PostgreSQL',
  ),
  command(
    'login_call',
    'password as an argument of a log-in',
    ['login(', 'authenticate(', 'signin(', 'connect(', 'setcredentials(', 'set_password(', 'logon('],
    /(?:login|authenticate|signin|connect|setcredentials|set_password|logon)\((?:[^()"'\n]{0,60},\s?)?["'][^"'\n]{1,80}["'],\s?["'](?<value>[^"'\n]{4,100})["']/i,
    'Calls that log in by name and password',
  ),
];
