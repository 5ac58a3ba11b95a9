import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { askOpa, evaluate, oracle, valueOf } from './with-host.ts';

const config = {
  aws_access_key: 'KEY',
  aws_secret_access_key: 'SECRET',
  aws_service: 'ec2',
  aws_region: 'eu-west-1',
};
const request = {
  method: 'GET',
  url: 'https://host.example:8443/a%20b?z=1&a=2',
  headers: { 'X-Extra': 'v', 'User-Agent': 'u' },
};
const time = 1451311705_000000000;
const call = `providers.aws.sign_req(input.request, input.config, ${time})`;
const signReq = (more: { request?: object; config?: object } = {}): string =>
  evaluate(call, { request: { ...request, ...more.request }, config: { ...config, ...more.config } });
const headers = (text: string): Record<string, string> =>
  (JSON.parse(text) as { headers: Record<string, string> }).headers;

describe('providers.aws.sign_req', () => {
  test('signs as the specification says', () => {
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    const canonical = [
      'GET',
      '/a%20b',
      'z=1&a=2',
      'host:host.example:8443',
      'x-amz-date:20151228T140825Z',
      'x-extra:v',
      '',
      'host;x-amz-date;x-extra',
      sha(''),
    ].join('\n');
    const scope = '20151228/eu-west-1/ec2/aws4_request';
    let key: Buffer | string = 'AWS4SECRET';
    for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
    const text = `AWS4-HMAC-SHA256\n20151228T140825Z\n${scope}\n${sha(canonical)}`;
    const signature = createHmac('sha256', key).update(text).digest('hex');
    expect(headers(signReq())['Authorization']).toBe(
      `AWS4-HMAC-SHA256 Credential=KEY/${scope},SignedHeaders=host;x-amz-date;x-extra,Signature=${signature}`,
    );
  });
  test('the body, the session and the service count', () => {
    const of = (more: Parameters<typeof signReq>[0]): string | undefined =>
      headers(signReq(more))['Authorization'];
    const all = [
      undefined,
      { request: { body: { a: 1 } } },
      { request: { raw_body: 'x' } },
      { config: { aws_session_token: 't' } },
      { config: { aws_region: 'x' } },
      { config: { disable_payload_signing: true } },
    ].map(of);
    expect(new Set(all).size).toBe(all.length);
    const s3 = headers(signReq({ config: { aws_service: 's3', disable_payload_signing: true } }));
    expect(s3['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(headers(signReq({ config: { aws_session_token: 't' } }))['x-amz-security-token']).toBe('t');
    expect(headers(signReq())['User-Agent']).toBe('u');
  });
  test('says what is missing or wrong', () => {
    const refused: readonly (readonly [object, object, number | string, string])[] = [
      [
        {},
        {},
        1,
        'operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"}',
      ],
      [
        {},
        { ...config, aws_region: 1 },
        1,
        'operand 2 invalid values for required AWS config parameters(s): {"aws_region"}',
      ],
      [{}, config, 1, 'operand 1 missing required request parameters(s): {"method", "url"}'],
      [
        { method: 1, url: 'x' },
        config,
        1,
        'operand 1 invalid values for required request parameters(s): {"method"}',
      ],
      [{ ...request, x: 1 }, config, 1, 'operand 1 invalid request parameters(s): {"x"}'],
      [request, config, '1.5', 'operand 3 could not convert time_ns value into a unix timestamp'],
      [
        request,
        { ...config, disable_payload_signing: 1 },
        1,
        "operand 2 invalid value for 'disable_payload_signing' in AWS config",
      ],
    ];
    for (const [asked, given, ns, message] of refused) {
      const found = evaluate(`providers.aws.sign_req(input.request, input.config, ${ns})`, {
        request: asked,
        config: given,
      });
      expect(found).toContain('eval_type_error');
      expect(found).toContain(message);
    }
    expect(signReq({ request: { url: 'http://h/%zz' } })).toContain('invalid URL escape "%zz"');
  });
  test('keeps the rest of the request', () => {
    expect(valueOf(`${call}.url`, { request, config })).toBe(request.url);
  });
  test('OPA signs the same', ({ skip }) => {
    const found = oracle();
    if ('skip' in found) return skip(found.skip);
    const urls = [
      'http://h',
      'http://h/',
      'https://u:p@h:1/x?b=1&a',
      'http://h/ä b',
      'http://h/a%2Fb',
      'http://[::1]:8/',
      'mailto:a@b',
      'http://h:x/',
      '//h/x',
      'http://h/a[b]',
      '/x',
      '*',
      '',
    ];
    const expressions = urls.map(
      (_, i) =>
        `providers.aws.sign_req({"method": "PUT", "url": input.urls[${i}], "body": {"<": [1, null]}}, input.config, ${time})`,
    );
    const input = { urls, config };
    const theirs = askOpa(found.binary, expressions, input);
    for (const [i, expression] of expressions.entries()) {
      const ours = evaluate(expression, input);
      expect([urls[i], ours.startsWith('eval_') ? 'undefined' : ours]).toEqual([urls[i], theirs[i]]);
    }
  });
});
