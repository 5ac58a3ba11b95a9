/** Settings whose name says nothing of a password, though their value is one: servers, networks, devices. */
import type { Checked, Detector } from '../../detector.ts';
import { medium } from './bands.ts';
import { command } from './commands.ts';
import { kindOf } from './value.ts';

const value = String.raw`["']?(?<value>[^\s"'<>;,]{4,200})`;

/** One word, blanks, the value. */
const directive = (words: readonly string[], between: string): RegExp =>
  new RegExp(String.raw`(?<![\w-])(?:${words.join('|')})${between}${value}`, 'i');

const servers = [
  'requirepass',
  'masterauth',
  'bindpw',
  'olcrootpw:',
  'rootpw',
  'ldap_default_authtok',
  'sasl_passwd',
  'smtp_sasl_password_maps',
  'source-password>',
  'relay-password>',
  'add_user',
  'change_password',
];

const pairNames = [
  'credentials:',
  'creds:',
  'account:',
  'id/pw',
  'id/password',
  'id / pw',
  'user/pass',
  'login/pass',
  'user/pw',
  '\xea\xb3\x84\xec\xa0\x95',
  '\xe8\xb4\xa6\xe5\x8f\xb7',
];

export const directiveDetectors: readonly Detector[] = [
  command(
    'server_directive',
    'password in the settings of a server',
    servers,
    directive(servers, String.raw`(?:(?<=add_user|change_password)\s\S{1,60})?\s{0,20}(?:=\s{0,3})?`),
    'redis.conf; ldap.conf(5); slapd-config(5); sssd-ldap(5); icecast documentation; rabbitmqctl(8)',
  ),
  command(
    'wireless',
    'key of a wireless network',
    ['psk=', 'wpa_passphrase=', 'wpa-psk', 'keymaterial>', 'sae_password=', 'wep_key', 'wep-key'],
    /(?<![\w])(?:psk=|wpa_passphrase=|wpa-psk\s{1,3}|keyMaterial>|sae_password=|wep[_-]key\d?[ =])["']?(?<value>[^\s"'<>]{5,64})/i,
    'wpa_supplicant.conf(5); hostapd.conf; nm-settings(5)',
  ),
  command(
    'wireless_code',
    'key of a wireless network',
    ['wifi:'],
    /WIFI:(?:[A-OQ-Z]:[^;]{0,64};){0,5}P:(?<value>(?:[^;\\]|\\.){4,64});/i,
    'Codes for joining a network, as ZXing documents them',
  ),
  command(
    'pre_shared',
    'secret of a VPN or dial-in',
    [': psk ', ': xauth ', ': eap ', 'psk "'],
    /(?::\s)?(?:PSK|XAUTH|EAP)\s{1,4}["'](?<value>[^"'\n]{4,200})["']/i,
    'ipsec.secrets(5)',
  ),
  {
    ...command(
      'dial_in',
      'secret of a dial-in',
      ['" * "', "' * '"],
      /["'] \* ["'](?<value>[^"'\s]{4,200})["']/,
      'pppd(8): chap-secrets, pap-secrets',
    ),
    check: isChosen,
  },
  command(
    'community',
    'community of SNMP',
    ['rocommunity', 'rwcommunity', 'snmp-server community', 'snmp community'],
    /(?:r[ow]community6?|snmp(?:-server)? community)\s{1,4}["']?(?!public\b|private\b)(?<value>[^\s"']{5,64})/i,
    'snmpd.conf(5); Cisco IOS documentation',
  ),
  command(
    'device',
    'password in the settings of a network device',
    [
      'enable password',
      'enable secret',
      ' password 0 ',
      ' secret 0 ',
      ' password 7 ',
      'tacacs-server key',
      'radius-server key',
      'tacacs-server host',
      'radius-server host',
      'set passwd',
      'set password',
      'set psksecret',
      'plain-text-password-value',
      'admin password=',
      'admin secret ',
      ' encrypted-password ',
    ],
    /\s?(?:enable (?:password|secret)|password|secret|(?:tacacs|radius)-server key|(?:tacacs|radius)-server host \S{1,60} key|set (?:passwd|password|psksecret)|password-value|admin password=|encrypted-password)\s{0,3}(?:level \d{1,2} )?(?:[05-9] )?["']?(?<value>[^\s"';]{4,200})/i,
    'Cisco IOS, Junos, FortiOS and RouterOS documentation',
  ),
  command(
    'neighbour',
    'password between routers',
    ['neighbor ', 'authentication-key', 'message-digest-key', 'key-string'],
    /(?:neighbor \S{2,60} password|authentication-key|message-digest-key \d{1,3} md5|key-string)\s{1,3}(?:[07] )?["']?(?<value>[^\s"';]{4,100})/i,
    'Cisco IOS documentation: BGP, OSPF',
  ),
  command(
    'relay',
    'name and password for a mail relay',
    ['authinfo:', ']:587', ']:25', ']:465'],
    /(?:AuthInfo:\S{1,100}(?:\s"[A-OQ-Z]:[^"\n]{0,100}"){0,4}\s"P:|\]:\d{2,3}\s{1,8}[^\s:]{1,100}:)(?<value>[^\s"]{4,200})/i,
    'Sendmail: SMTP AUTH; Postfix: sasl_passwd',
  ),
  command(
    'auth_file',
    'name and password in a block',
    ['<auth-user-pass>'],
    /<auth-user-pass>\s{1,4}\S{1,100}\s{1,4}(?<value>\S{4,200})/i,
    'OpenVPN: inline files',
  ),
  command(
    'services_line',
    'password for a service of a chat',
    ['nickserv'],
    /nickserv\s{1,3}(?:identify|register)\s{1,3}(?:\S{1,40}\s{1,3}(?=\S{6}))?(?<value>\S{5,100})/i,
    'IRC services',
  ),
  {
    ...command(
      'line',
      'line of a file that gives a password',
      ['\npassword ', '\npasswd '],
      /\npassw(?:or)?d[ \t]{1,4}(?<value>[^\s"']{6,100})[ \t]{0,4}(?=\r?\n|$)/i,
      'msmtprc, netrc(5)',
    ),
    check: isChosen,
  },
  command(
    'pair',
    'name and password parted by a slash',
    pairNames,
    /(?:credentials|creds|account|\xea\xb3\x84\xec\xa0\x95|\xe8\xb4\xa6\xe5\x8f\xb7|(?:id|user|login)\s?\/\s?p(?:w|ass(?:word)?))["'\s]{0,3}[:=]?\s{1,3}["']?[\w.@\\-]{2,60}\s?[/:]\s?(?<value>[^\s"'/,;]{5,60})/i,
    'How people write a name and a password',
  ),
  {
    ...command(
      'host_login',
      'address, name and password side by side',
      ['root', 'admin', 'administrator'],
      /(?<=(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}[\s,/|@:]{1,4})(?:root|admin(?:istrator)?)[ \t,/|:]{1,4}(?<value>[^\s"'/,;|]{6,60})(?=[\s,|]|$)/i,
      'How people list the log-ins of servers',
    ),
    check: isChosen,
  },
];

function isChosen(_all: string, match: RegExpExecArray): Checked {
  const kind = kindOf(match.groups?.['value'] ?? '', false);
  return kind === 'random' || kind === 'chosen' ? medium : false;
}
