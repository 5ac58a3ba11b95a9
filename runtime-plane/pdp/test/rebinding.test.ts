/** A page whose own name was made to mean this machine is of the same origin as the server, as far as a browser knows. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ask, askJson } from './client.ts';
import { aFolder, aPdp } from './servers.ts';

const folder = (): string =>
  aFolder({
    'a.rego': 'package a\n\nsecret := 90210\n',
    'z.rego': 'package system.authz\n\nallow := true\n',
  });

describe('[req: pdp:authz] over loopback, a name that somebody else could own', () => {
  test.each([
    'evil.example:8181',
    'evil.example',
    'EVIL.example.',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
  ])('%s reads and asks nothing', async (host) => {
    const { url } = await aPdp({ policies: [folder()] });
    for (const path of ['/v1/data/a/secret', '/v1/policies', '/v1/query?q=data.a', '/health']) {
      const answer = await ask(url, path, { headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('90210');
    }
    const asked = await ask(url, '/v1/data/a/secret', { headers: { host }, body: '{}' });
    expect(asked.status).toBe(403);
  });

  test.each(['127.0.0.1:8181', 'localhost', 'LOCALHOST:8181', '[::1]:8181', 'pdp', 'pdp.localhost:1'])(
    '%s is nobody else’s',
    async (host) => {
      const { url } = await aPdp({ policies: [folder()] });
      expect(await askJson(url, '/v1/data/a/secret', { headers: { host } })).toEqual({ result: 90210 });
    },
  );

  test('any name is for the policy to judge where there is one', async () => {
    const { url } = await aPdp({ policies: [folder()], authorization: 'basic' });
    const headers = { host: 'pdp.example' };
    expect(await askJson(url, '/v1/data/a/secret', { headers })).toEqual({ result: 90210 });
  });
});

describe('[req: pdp:limits] numbers and texts that cost more than they show', () => {
  test('a number with an exponent is as exact as one without', async () => {
    const policy = 'package a\n\nsame := input.n == 12345678901234500000\n\nback := input.n\n';
    const { url } = await aPdp({ policies: [aFolder({ 'a.rego': policy })] });
    const body = (n: string): string => `{"input":{"n":${n}}}`;
    expect(await askJson(url, '/v1/data/a/same', { body: body('123456789012345e5') })).toEqual({
      result: true,
    });
    expect(await askJson(url, '/v1/data/a/same', { body: body('123456789012345001e2') })).toEqual({
      result: false,
    });
    expect((await ask(url, '/v1/data/a/back', { body: body('1e999') })).text).not.toContain('Infinity');
  });

  test('YAML that is nothing but errors, or long, ends at once', async () => {
    const { url } = await aPdp();
    const headers = { 'Content-Type': 'application/yaml' };
    const begun = Date.now();
    for (const body of ['&a '.repeat(60_000), '- a\n'.repeat(1_000_000)]) {
      const answer = await ask(url, '/v1/data', { headers, body });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('yaml: ');
    }
    expect(Date.now() - begun).toBeLessThan(5000);
  });

  test('requests one after the other in one packet, and in single bytes, are answered in order', async () => {
    const { url } = await aPdp({ policies: [folder()] });
    const port = Number(new URL(url).port);
    const one = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const post = `POST /v1/data/a/secret HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
    const last = 'GET /v1/data/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const text = one('/v1/data/a/secret') + post + one('/nope') + last;
    for (const parts of [[text], [...text]]) {
      const answer = await new Promise<string>((resolve, reject) => {
        let got = '';
        const socket = connect(port, '127.0.0.1', () => {
          for (const part of parts) socket.write(part);
        });
        socket.setNoDelay(true);
        socket.on('data', (chunk) => (got += chunk.toString()));
        socket.on('error', reject);
        socket.on('close', () => resolve(got));
      });
      expect([...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)).toEqual([
        '200',
        '200',
        '404',
        '200',
      ]);
    }
  });

  test.each([
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n'],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'],
    ['chunks that are not the last coding', 'Transfer-Encoding: chunked, identity\r\n'],
    ['a blank in a name', 'Content-Length : 2\r\n'],
  ])('a request with %s is refused, and nothing behind it is answered', async (_, headers) => {
    const { url } = await aPdp({ policies: [folder()] });
    const answer = await new Promise<string>((resolve) => {
      let got = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
        socket.write(
          `POST /v1/data/a/nothing HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n{}GET /v1/data/a/secret HTTP/1.1\r\nHost: localhost\r\n\r\n`,
        ),
      );
      socket.on('data', (chunk) => (got += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(got));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(answer).not.toContain('90210');
  });
});
