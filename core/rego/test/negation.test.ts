import { describe, expect, test } from 'vitest';
import { ask } from './harness.ts';

/** As OPA answers, with an empty input. */
describe('a negated expression', () => {
  test.each([
    ['not input.missing == 1', true],
    ['not input.missing', true],
    ['not input.missing > 1', undefined],
    ['not count(input.missing) == 1', undefined],
    ['not f(input.missing)', undefined],
    ['not f(f(input.missing))', undefined],
    ['not [input.missing] == [1]', undefined],
    ['not {input.missing}', undefined],
    ['not 1 in input.missing', undefined],
    ['not input.a[count(input.missing)]', undefined],
    ['not 1 / 0 == 1', undefined],
    ['not 1 / 0', true],
    ['not $"{count(input.missing)}" == "x"', true],
    ['not count(input.missing) == 1 with input.missing as [1]', undefined],
    ['not count(input.missing) == 1 with input.missing as [1, 2]', true],
    ['not count([[5], [6, 7]][_]) == 1', true],
    ['{ some x in [1, 5]; not g(x) }', true],
  ])('%s: %s', (body, expected) => {
    expect(ask(`f(x) := x\ng(x) if x > 3\np if ${body}`)).toBe(expected);
  });

  test('an argument that is a template string may use what the body binds', () => {
    expect(ask('p := f("foo bar")\nf($"{x} {input.y}") := 42 if x = "foo"', 'p', { y: 'bar' })).toBe(42);
    expect(
      ask('p := f("foo baz")\nf($"{x} {input.y}") := 42 if x = "foo"', 'p', { y: 'bar' }),
    ).toBeUndefined();
  });
});
