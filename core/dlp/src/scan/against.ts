/** What speaks against a finding, whatever the detector: words of tests and examples, words of other numbers, values made up. */

/** Near anything. */
export const generalAgainst: readonly string[] = [
  'test',
  'tests',
  'testing',
  'example',
  'examples',
  'dummy',
  'sample',
  'samples',
  'fake',
  'mock',
  'mocked',
  'placeholder',
  'fixture',
  'lorem',
  'beispiel',
  'exemple',
  'ejemplo',
  'esempio',
  'voorbeeld',
];

/** Near numbers, which these name as something else. */
export const numberAgainst: readonly string[] = [
  'order no',
  'order number',
  'order id',
  'order_id',
  'tracking',
  'tracking number',
  'invoice number',
  'serial number',
  'part number',
  'model number',
  'sha',
  'sha1',
  'sha256',
  'sha512',
  'md5',
  'crc32',
  'checksum',
  'uuid',
  'guid',
  'version',
  'revision',
  'commit',
  'build',
  'timestamp',
  'isbn',
  'issn',
  'doi',
  'rfc',
  'offset',
  'pixel',
  'latitude',
  'longitude',
];

const repeated = /^(.)\1+$/;
const marked =
  /example|xxxx|\*{3}|placeholder|changeme|change_me|replace_?me|dummy|your[-_]|<[^>]*>|\$\{|\{\{/i;
const ascending = '01234567890123456789';
const descending = '98765432109876543210';
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Whether a person made it up to fill a place: `1234567890`, `0000…`, `xxxx`, `YOUR_KEY`. */
export function isPlaceholder(value: string): boolean {
  const bare = value.replace(/[^0-9a-z]/gi, '').toLowerCase();
  if (bare.length >= 4 && repeated.test(bare)) return true;
  const digits = value.replace(/\D/g, '');
  if (digits.length >= 7 && digits.length * 2 > bare.length)
    if (repeated.test(digits) || ascending.includes(digits) || descending.includes(digits)) return true;
  return (bare.length >= 6 && letters.includes(bare)) || marked.test(value);
}
