/** More commands that take a password by position or by a letter: archives, log-ins, Windows. */
import type { Detector } from '../../detector.ts';
import { command } from './commands.ts';

const takers = ['| chpasswd', 'passwd --stdin', '--password-stdin', '| sudo ', '| kinit', '| su -'];
const typing = ['send "', "send '", '.type(', 'send_keys(', 'sendkeys('];

export const shellDetectors: readonly Detector[] = [
  command(
    'archive',
    'password of an archive',
    ['7z a ', '7z x ', '7za a ', '7za x ', 'unrar ', 'rar a ', 'zip -p', 'unzip -p', 'zip -r'],
    /(?:7za? [ax]|unrar [ex]|rar a)[^\n|;]{0,120}?\s-(?:h?p)(?<q>["']?)(?<value>[^\s"'$-][^\s"']{3,100})|zip\s[^\n|;]{0,60}?(?:(?<=\s)-P|--password)[ =](?<r>["']?)(?<value>[^\s"'$-][^\s"']{3,100})/i,
    'The manual pages of 7-Zip, RAR and Info-ZIP',
  ),
  {
    ...command(
      'standard_input',
      'password handed over on standard input',
      takers,
      /echo (?:-[ne] )?["']?(?:[\w.-]{1,40}:)?(?<value>[^\s"'|:$]{4,100})["']? \|(?: sudo)? (?:chpasswd|passwd --stdin|sudo|kinit|su -|[\w .:/-]{1,80}--password-stdin)/i,
      'chpasswd(8), passwd(1), sudo(8)',
    ),
    find: { on: 'words', words: takers, at: { before: 240, after: 20 } },
  },
  command(
    'switch',
    'password behind a switch',
    ['openssl enc', 'mosquitto_', 'useradd', 'usermod', 'htpasswd -', 'vncpasswd', 'keytool', 'kadmin'],
    /(?:(?:openssl enc|mosquitto_\w{2,4}|user(?:add|mod)|kadmin)\s[^\n|;]{0,160}?(?<=\s)-(?:k|P|p|w)\s{1,3}|htpasswd -\w{0,6}b\w{0,6}\s{1,3}\S{1,80}\s{1,3}\S{1,80}\s{1,3}|vncpasswd\s{1,3}|keytool\s[^\n|;]{0,160}?-(?:store|key|new)pass\s{1,3})["']?(?<value>[^\s"'$<-][^\s"']{3,100})/,
    'The manual pages of these programs',
  ),
  command(
    'joined',
    'name and password in one word',
    [
      'smbclient',
      'rpcclient',
      'lftp',
      'sqlplus',
      'http -a',
      'https -a',
      'etcdctl',
      'impdp',
      'expdp',
      'sqlldr',
      'connect ',
    ],
    /(?:(?:smbclient|rpcclient)\s[^\n|;]{0,100}?-U\s{0,2}["']?[\w.\\/-]{1,60}%|lftp\s[^\n|;]{0,60}?-u\s{1,2}["']?[^\s,]{1,60},|https? -a\s{1,2}["']?[^\s:]{1,60}:|etcdctl\s[^\n|;]{0,80}?--user[ =]["']?[^\s:]{1,60}:|(?:sqlplus|impdp|expdp|sqlldr|connect)\s{1,3}(?:-\w{1,8}\s){0,3}(?:userid=)?["']?[a-z]\w{1,40}\/(?=[^\s@]{4,60}@\w))["']?(?<value>[^\s"'@$<-][^\s"'@]{3,100})/i,
    'The manual pages of these programs',
  ),
  command(
    'windows',
    'password of a Windows command',
    ['net user ', 'net use ', 'schtasks', '/rp '],
    /net user\s{1,3}(?!\/)\S{1,60}\s{1,3}(?<value>(?![/*])[^\s"']{4,100})(?=\s|$)|net use\s[^\n]{0,120}?\/user:(?:\S{1,80})\s{1,3}(?<value>(?![/*])[^\s"']{4,100})|\/rp\s{1,3}["']?(?<value>(?![/*])[^\s"']{4,100})/i,
    'Windows commands: net user, net use, schtasks',
  ),
  command(
    'user_key',
    'key for curl as a name without password',
    ['curl'],
    /curl[^\n|]{0,200}?\s(?:-u|--user)[ =]{1,3}["']?(?<value>[\w.~+/=-]{16,200}):?["']?(?=\s|$)/,
    'curl(1)',
  ),
  {
    ...command(
      'typed',
      'password that a script types',
      typing,
      /(?:password|passwd|passphrase|pwd)[^\n]{0,40}\n?[^\n]{0,40}?(?:send|\.type|send_?keys)[\s(]{1,3}["'](?<value>[^"'\n\\]{4,100})/i,
      'Expect, Cypress, Selenium documentation',
    ),
    find: { on: 'words', words: typing, at: { before: 100, after: 120 } },
  },
];
