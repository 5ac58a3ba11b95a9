import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, marshal, parseJson } from '../src/index.ts';
import { compare, keyOf } from '../src/values.ts';

/** JSON text of an expression's value. */
function value(expression: string): string {
  const found = compile([]).query(`x := ${expression}`, undefined)[0]?.bindings['x'];
  return found === undefined ? 'undefined' : marshal(found);
}

describe('numbers', () => {
  test.each([
    ['0.1 + 0.2', '0.3'],
    ['1.1 + 2.2', '3.3000000000000000002'],
    ['1 / 3', '0.33333333333333333334'],
    ['100 / 7', '14.285714285714285714'],
    ['(2 / 3) * 3', '2'],
    ['5 / 2', '2.5'],
    ['0.0 * -1', '0'],
    ['1e400', '1e400'],
    ['1e400 == 10 * 1e399', 'true'],
    ['count({1e400, 10 * 1e399, 1e401})', '2'],
    ['1e-400 * 10', '9.9999999999999999994e-400'],
    ['123456789012345678901234567890 * 1000000007', '123456789876543201987654320198641975230'],
    ['0.1234567890123456789012345', '0.1234567890123456789012345'],
    ['0.1234567890123456789012345 == 0.1234567890123456789012346', 'false'],
    [
      'json.unmarshal("[0.1234567890123456789012345, 1e999, 1.50]")',
      '[0.1234567890123456789012345,1e999,1.5]',
    ],
    ['{1, 1.0, 1e0}', '[1]'],
    ['sort([1e400, 2, -1e400, 0.5])', '[-1e400,0.5,2,1e400]'],
    ['round(2.5)', '3'],
    ['floor(-2.5)', '-3'],
    ['ceil(1.0000000000000000001)', '2'],
    ['sum([0.1, 0.2])', '0.3'],
    ['is_number(1e400)', 'true'],
    ['type_name(1 / 3)', '"number"'],
    [
      'sprintf("%v %v %.2f %d", [2e308, 1 / 3, 0.125, 100000000000000000000])',
      '"2e308 0.3333333333333333 0.12 100000000000000000000"',
    ],
    ['count(1e400)', 'undefined'],
    ['(1 / 3).text', 'undefined'],
  ])('%s is %s', (expression, expected) => {
    expect(value(expression)).toBe(expected);
  });

  test('text of any number survives, and equal values have one key', () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 30n });
    fc.assert(
      fc.property(digits, fc.integer({ min: -40, max: 40 }), (d, e) => {
        const spelled = parseJson(`${d}e${e}`);
        const shifted = parseJson(`${d}0e${e - 1}`);
        if (spelled === undefined || shifted === undefined) throw new Error('no number');
        expect(compare(spelled, shifted)).toBe(0);
        expect(keyOf(spelled)).toBe(keyOf(shifted));
        expect(compare(parseJson(marshal(spelled)) ?? null, spelled)).toBe(0);
      }),
    );
  });
});
