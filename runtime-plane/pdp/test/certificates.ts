/** Certificates for tests. */
import { spawnSync } from 'node:child_process';
import { aFolder } from './servers.ts';

/** An authority, the server's certificate and a client's; null without openssl. */
export function certificates(): string | null {
  const folder = aFolder({
    'server.ext': 'subjectAltName=DNS:localhost,IP:127.0.0.1\n',
    'client.ext': 'subjectAltName=URI:spiffe://example.org/agent,DNS:agent.example\n',
  });
  const run = (...args: string[]): boolean => spawnSync('openssl', args, { cwd: folder }).status === 0;
  const made =
    run(
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 2'.split(
        ' ',
      ),
    ) &&
    ['server', 'client'].every((name) => {
      const subject = name === 'server' ? '/CN=localhost' : '/C=GB/O=Example Org/OU=agents/CN=agent-1';
      return (
        run(
          ...'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' '),
          '-keyout',
          `${name}.key`,
          '-out',
          `${name}.csr`,
          '-subj',
          subject,
        ) &&
        run(
          ...'x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 2'.split(' '),
          '-in',
          `${name}.csr`,
          '-out',
          `${name}.pem`,
          '-extfile',
          `${name}.ext`,
        )
      );
    });
  return made ? folder : null;
}
