/** Runs a session with another gate program: node world-runner.ts <gate> <policy> <journal> <isolation> <command...> */
import { runSession } from '@chaperone/endpoint';

const [gate = '', policy = '', journal = '', isolation = '', ...command] = process.argv.slice(2);
if (isolation !== 'process' && isolation !== 'namespace')
  throw new Error('isolation is process or namespace');
const { exit } = await runSession(
  { command, policy, journal, isolation, gate, mode: 'enforce', version: '0.0.0' },
  (item) => {
    if (item.kind === 'note') process.stderr.write(`${item.text}\n`);
  },
);
process.exitCode = 'code' in exit ? exit.code : 128 + exit.signal;
