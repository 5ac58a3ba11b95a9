/** Calls that take a name and a password by position. */
import type { Detector } from '../../detector.ts';
import { command } from './commands.ts';

const text = String.raw`["'][^"'\n]{0,120}["']`;
/** What stands before the password: a text, a name, a number. */
const argument = String.raw`(?:${text}|[\w.$:>-]{1,60})`;

export const callDetectors: readonly Detector[] = [
  command(
    'database_call',
    'password as an argument of a connection',
    [
      'mysqli_connect(',
      'mysql_connect(',
      'mysqli(',
      'pdo(',
      'getconnection(',
      'dbi->connect(',
      'pymysql.connect(',
      'mysqldb.connect(',
      'odbc_connect(',
    ],
    new RegExp(
      String.raw`[a-z_.:>-]{2,30}\(\s{0,4}${argument},\s{0,4}${argument},\s{0,4}["'](?<value>[^"'\s]{4,100})["']\s{0,4}[,)]`,
      'i',
    ),
    'PHP, JDBC, Perl DBI and Python DB-API documentation',
  ),
  command(
    'opened',
    'password as an argument of a connection',
    ['.open "', '.open("'],
    /\.open[ (]{1,2}"[^"\n]{1,120}",\s?"[^"\n]{1,60}",\s?"(?<value>[^"\n]{4,100})"/i,
    'ADO documentation: Open method',
  ),
  {
    ...command(
      'go_source',
      'name and password of a data source in Go',
      ['@tcp(', '@unix('],
      /["'`=\s][\w.-]{1,60}:(?<value>[^\s"'`@/:]{4,100})@(?:tcp|unix)\(/,
      'go-sql-driver/mysql documentation: DSN',
    ),
    find: { on: 'words', words: ['@tcp(', '@unix('], at: { before: 164, after: 6 } },
  },
  command(
    'mail_call',
    'password as an argument of a mail client',
    ['newdialer(', 'plainauth(', 'newplainclient(', 'smtpauthenticator('],
    new RegExp(
      String.raw`(?:(?:plainauth|newplainclient)\((?:${argument},\s?){2}|newdialer\((?:${argument},\s?){3}|smtpauthenticator\(${argument},\s?)["'](?<value>[^"'\n]{4,100})["']\s?[,)]`,
      'i',
    ),
    'Go: net/smtp, gomail',
  ),
  command(
    'basic_call',
    'name and password for HTTP',
    ['basic_auth', 'basicauth', 'auth=(', 'auth = (', 'btoa(', 'auth=[', 'setbasicauth(', '.basic('],
    /(?:basic_?auth|auth\s?=\s?[([]|\.basic)\(?\s{0,3}(?:["'][^"'\n]{1,80}["']),\s?["'](?<value>[^"'\n]{4,100})["']|btoa\(\s?["'`][^"'`:\n]{1,80}:(?<value>[^"'`\n]{4,100})["'`]/i,
    'Requests, Net::HTTP, net/http and DOM documentation',
  ),
];
