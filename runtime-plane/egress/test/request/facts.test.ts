import { expect, test } from 'vitest';
import type { RequestHead } from '../../src/http/desk.ts';
import { factsOf } from '../../src/request/facts.ts';
import { Ledger, Regions } from '../../src/request/index.ts';
import { storageOf } from '../../src/request/storage.ts';
import { parseTarget } from '../../src/request/target.ts';

test.each([
  ['/', '/', undefined],
  ['/a/b?x=1', '/a/b', 'x=1'],
  ['/a?', '/a', ''],
  ['/a?x=/../y?z', '/a', 'x=/../y?z'],
  ['/public/../admin', '/admin', undefined],
  ['/public/%2e%2E/admin', '/admin', undefined],
  ['/public/.%2e/%61dmin', '/admin', undefined],
  ['/../../etc', '/etc', undefined],
  ['/a/.', '/a/', undefined],
  ['/a/b/..', '/a/', undefined],
  ['/a//b', '/a//b', undefined],
  ['/a/%2fadmin', '/a/%2Fadmin', undefined],
  ['/a/..%2f..%2fadmin', '/a/..%2F..%2Fadmin', undefined],
  ['/a/%5c%00', '/a/%5C%00', undefined],
  ['/a\\..\\b', '/a%5C..%5Cb', undefined],
  ['/%252e%252e/a', '/%252e%252e/a', undefined],
  ['/caf%c3%a9', '/caf%C3%A9', undefined],
  ['/100%', '/100%', undefined],
  ['/~%7e%2D%5f', '/~~-_', undefined],
  ['*', '*', undefined],
])('[req: egress:request] the target %s is the path %s to a policy', (target, path, query) => {
  expect(parseTarget(target)).toEqual(query === undefined ? { path } : { path, query });
});

const eu = 'aws:eu-west-1';
test.each([
  ['my-bucket.s3.amazonaws.com', '/key', 'my-bucket', undefined],
  ['my-bucket.s3.eu-west-1.amazonaws.com', '/key', 'my-bucket', eu],
  ['my.dotted.bucket.s3.eu-west-1.amazonaws.com', '/key', 'my.dotted.bucket', eu],
  ['my-bucket.s3-eu-west-1.amazonaws.com', '/key', 'my-bucket', eu],
  ['my-bucket.s3.dualstack.eu-west-1.amazonaws.com', '/key', 'my-bucket', eu],
  ['my-bucket.s3-fips.us-gov-west-1.amazonaws.com', '/key', 'my-bucket', 'aws:us-gov-west-1'],
  ['my-bucket.s3-accelerate.amazonaws.com', '/key', 'my-bucket', undefined],
  ['my-bucket.s3-accelerate.dualstack.amazonaws.com', '/key', 'my-bucket', undefined],
  ['my-bucket.s3.cn-north-1.amazonaws.com.cn', '/key', 'my-bucket', 'aws:cn-north-1'],
  ['reports-123456789012.s3-accesspoint.eu-west-1.amazonaws.com', '/key', 'reports-123456789012', eu],
  ['reports-1.s3-accesspoint.dualstack.eu-west-1.amazonaws.com', '/key', 'reports-1', eu],
  [
    'b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com',
    '/key',
    'b--use1-az4--x-s3',
    'aws:us-east-1',
  ],
  ['s3.amazonaws.com', '/my-bucket/key', 'my-bucket', undefined],
  ['s3.eu-west-1.amazonaws.com', '/my-bucket/deep/key', 'my-bucket', eu],
  ['s3-eu-west-1.amazonaws.com', '/my-bucket/key', 'my-bucket', eu],
  ['s3.dualstack.eu-west-1.amazonaws.com', '/my%2Dbucket/key', 'my-bucket', eu],
  ['s3-external-1.amazonaws.com', '/my-bucket/key', 'my-bucket', 'aws:us-east-1'],
  ['storage.googleapis.com', '/my-bucket/o', 'my-bucket', undefined],
  ['storage.googleapis.com', '/upload/storage/v1/b/my-bucket/o', 'my-bucket', undefined],
  ['storage.googleapis.com', '/storage/v1/b/my-bucket/o/x', 'my-bucket', undefined],
  ['my-bucket.storage.googleapis.com', '/o', 'my-bucket', undefined],
  ['account.blob.core.windows.net', '/container/blob', 'container', undefined],
])('[req: egress:request] %s%s is about the bucket %s', (host, path, bucket, region) => {
  const storage = storageOf({ host, path, query: '', method: 'PUT', isCopy: false, isForm: false });
  expect(storage?.bucket).toBe(bucket);
  expect(storage?.region).toBe(region);
  expect(storage?.operation).toBe(host.includes('amazonaws') ? 's3:PutObject' : undefined);
});

test.each([
  ['s3.amazonaws.com.evil.example', '/b/k'],
  ['evil-s3.amazonaws.com.example', '/b/k'],
  ['ec2.eu-west-1.amazonaws.com', '/b/k'],
  ['blob.core.windows.net', '/b/k'],
  ['a.b.blob.core.windows.net.example', '/b/k'],
])('[req: egress:request] %s is no store', (host, path) => {
  expect(storageOf({ host, path, query: '', method: 'PUT', isCopy: false, isForm: false })).toBeUndefined();
});

test.each([
  ['PUT', '/k', '', 'PutObject'],
  ['PUT', '/k', 'partNumber=1&uploadId=x', 'UploadPart'],
  ['PUT', '/k', 'acl', 'PutObjectAcl'],
  ['PUT', '/', '', 'CreateBucket'],
  ['PUT', '/', 'policy', 'PutBucketPolicy'],
  ['POST', '/k', 'uploads', 'CreateMultipartUpload'],
  ['POST', '/k', 'uploadId=x', 'CompleteMultipartUpload'],
  ['POST', '/', 'delete=', 'DeleteObjects'],
  ['POST', '/', '', 'PutObject'],
  ['GET', '/k', '', 'GetObject'],
  ['GET', '/', 'list-type=2', 'ListObjectsV2'],
  ['HEAD', '/k', '', 'HeadObject'],
  ['DELETE', '/k', 'uploadId=x', 'AbortMultipartUpload'],
  ['DELETE', '/k', '', 'DeleteObject'],
])('[req: egress:request] %s %s?%s of S3 is %s', (method, path, query, operation) => {
  const host = 'b.s3.eu-west-1.amazonaws.com';
  const storage = storageOf({ host, path, query, method, isCopy: false, isForm: true });
  expect(storage?.operation).toBe(`s3:${operation}`);
});

test.each([
  ['api.example.com', '198.51.100.1', 'exact'],
  ['x.eu.example.com', '198.51.100.1', 'eu'],
  ['x.de.eu.example.com', '198.51.100.1', 'de'],
  ['other.example', '192.0.2.200', 'wide'],
  ['other.example', '192.0.2.130', 'narrow'],
  ['other.example', '::ffff:192.0.2.130', 'narrow'],
  ['other.example', '::ffff:c000:282', 'narrow'],
  ['other.example', '2001:db8:1::5', 'six-narrow'],
  ['other.example', '2001:0db8:0002:0:0:0:0:5', 'six'],
  ['other.example', '203.0.113.1', undefined],
  ['other.example', '2001:db9::1', undefined],
  ['other.example', 'no address', undefined],
])('[req: egress:residency] %s at %s lies in %s', (host, ip, region) => {
  const regions = new Regions({
    hosts: { 'api.example.com': 'exact', '*.eu.example.com': 'eu', '*.de.eu.example.com': 'de' },
    ranges: {
      '192.0.2.0/24': 'wide',
      '192.0.2.128/26': 'narrow',
      '2001:db8::/32': 'six',
      '2001:db8:1::/48': 'six-narrow',
    },
  });
  expect(regions.of(host, ip)).toBe(region);
});

const head = (more: Partial<RequestHead>): RequestHead => ({
  method: 'PUT',
  target: '/my-bucket/report.csv?x=1',
  host: 's3.eu-west-1.amazonaws.com',
  scheme: 'https',
  version: '1.1',
  headers: [['Content-Type', 'Text/CSV; charset=utf-8']],
  length: 12,
  ...more,
});

test('[req: egress:residency] the map of the policy counts before what a host name says', () => {
  const facts = (regions: Regions) =>
    factsOf(head({}), { ip: '192.0.2.1', port: 443, regions, seen: new Ledger() });
  expect(facts(new Regions({ hosts: {}, ranges: {} }))).toEqual({
    destination: {
      host: 's3.eu-west-1.amazonaws.com',
      ip: '192.0.2.1',
      port: 443,
      protocol: 'https',
      method: 'PUT',
      path: '/my-bucket/report.csv',
      query: 'x=1',
      content_type: 'text/csv',
      bytes: 12,
      bytes_before: 0,
      first_seen: true,
      region: 'aws:eu-west-1',
      bucket: 'my-bucket',
    },
    operation: 's3:PutObject',
  });
  const own = new Regions({ hosts: { '*.eu-west-1.amazonaws.com': 'eu' }, ranges: {} });
  expect(facts(own).destination.region).toBe('eu');
});

test('[req: egress:request] an upgrade is told; a length that nobody knows is not made up', () => {
  const seen = new Ledger();
  const facts = factsOf(head({ upgrade: 'websocket', length: undefined, headers: [] }), {
    ip: '192.0.2.1',
    port: 443,
    regions: new Regions({ hosts: {}, ranges: {} }),
    seen,
  });
  expect(facts.operation).toBe('websocket');
  expect(facts.destination).not.toHaveProperty('bytes');
  expect(facts.destination).not.toHaveProperty('content_type');
});

test('[req: egress:request] the ledger counts what is under way, and what went in the end', () => {
  const seen = new Ledger(2);
  const tally = seen.tally('a.example', 100);
  expect([seen.hasReached('a.example'), seen.sentTo('a.example')]).toEqual([false, 0]);
  tally.begin();
  expect([seen.hasReached('a.example'), seen.sentTo('a.example')]).toEqual([true, 100]);
  tally.end(40);
  expect(seen.sentTo('a.example')).toBe(40);
  const refused = seen.tally('b.example', 100);
  refused.end(0);
  expect(seen.hasReached('b.example')).toBe(false);
  for (const host of ['b.example', 'c.example', 'd.example']) {
    const one = seen.tally(host, 0);
    one.begin();
    one.end(10);
  }
  // There is no place for the last two: each is new, and what went to them counts together.
  expect([seen.hasReached('c.example'), seen.sentTo('d.example')]).toEqual([false, 20]);
});
