import { describe, expect, test } from 'vitest';
import { tokenDetectors } from '../src/detectors/tokens/index.ts';
import { namedServices } from '../src/detectors/tokens/services/index.ts';
import { charactersOf, parseTemplate } from '../src/detectors/tokens/template.ts';
import { referenceScan } from '../src/scan/reference.ts';
import { randomFrom } from './random.ts';
import { exampleOf } from './token-examples.ts';

const byId = new Map(tokenDetectors.map((detector) => [detector.id, detector]));
const unknownForm = parseTemplate('{alnum:36}');

function hitsOf(id: string, text: string): { value: string; confidence: number }[] {
  const detector = byId.get(`${id}.key`);
  if (!detector) throw new Error(`no detector ${id}.key`);
  return referenceScan(text, [detector]).map(({ start, end, confidence }) => ({
    value: text.slice(start, end),
    confidence,
  }));
}

const upper = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');

describe.each(namedServices)('$id', ({ id, aliases, shapes }) => {
  const random = randomFrom(id.length * 104_729 + shapes.length);
  const [alias = id] = aliases;
  const forms = shapes.length === 0 ? [unknownForm] : shapes;

  test('is found in each of its forms behind its name', () => {
    for (const shape of forms) {
      const value = exampleOf(shape, random);
      const [hit] = hitsOf(id, `${alias.replaceAll(' ', '_').replace(/_$/, '')}_api_key = "${value}"`);
      expect(hit?.value, `${alias} ${value}`).toBe(value);
    }
  });

  test('is not found without its name, masked, or as a reference', () => {
    const shape = forms[0] ?? unknownForm;
    const value = exampleOf(shape, random);
    expect(hitsOf(id, `qq_api_key = "${value}"`)).toEqual([]);
    for (const nothing of [
      'x'.repeat(value.length),
      '${SECRET_1234567890}',
      '<your-api-key-01>',
      'process.env.KEY_1234567',
    ])
      expect(hitsOf(id, `${alias}_api_key = "${nothing}"`)).toEqual([]);
  });
});

describe('spellings', () => {
  const value = exampleOf(parseTemplate('{hex:32}'), randomFrom(3));
  const name = 'weatherbit';
  test.each([
    `${upper(name)}_API_KEY=${value}`,
    `export ${upper(name)}_KEY='${value}'`,
    `"${name}Token": "${value}"`,
    `{\\"${name}_api_key\\": \\"${value}\\"}`,
    `${name}.key: ${value}`,
    `${name}:\n  api_key: ${value}`,
    `my${name[0]?.toUpperCase()}${name.slice(1)}ApiKey := "${value}"`,
    `--${name}-key ${value}`,
    `--${name}-api-key=${value}`,
    `$config['${name}']['key'] = '${value}';`,
    `:${name}_secret => '${value}'`,
    `const string ${name}Key = @"${value}";`,
    `<${name} apiKey="${value}"/>`,
    `<${name}Token>${value}</${name}Token>`,
    `<add key="${name}ApiKey" value="${value}" />`,
    `https://api.${name}.io/v2.0/current?city=Oslo&key=${value}`,
    `curl https://api.${name}.io -H "Authorization: Bearer ${value}"`,
    `curl https://api.${name}.io -H "X-Api-Key: ${value}"`,
    `${name},production,key,${value}`,
    `${name}_token ||: ${value}`,
    `| ${name} token | ${value} |`,
    `System.setProperty("${upper(name)}_API_KEY", "${value}")`,
    `url=https%3A%2F%2Fapi.${name}.io%3Fkey%3D${value}`,
  ])('%s', (text) => {
    expect(hitsOf(name, text)).toEqual([{ value, confidence: 85 }]);
  });

  test.each([
    ['a commit', `${name} at commit 3f${value.slice(2)}`],
    ['a digest', `${name}: key file sha256:${value}`],
    ['an identifier', `${name}ApiKey = someVariableNameThatIsLong2`],
    ['a path', `${name}_key = node_modules/${name}/dist/index.min.js`],
    ['a version', `${name} key 10.20.30-beta4.build5678`],
    ['no value at all', `${name} needs an api key; see the documentation of the service`],
  ])('not in %s', (_, text) => {
    expect(hitsOf(name, text).filter(({ confidence }) => confidence > 65)).toEqual([]);
  });
});

test('a name that is a word of the language needs a key word right behind it', () => {
  const value = exampleOf(parseTemplate('{alnum:32}'), randomFrom(9));
  expect(hitsOf('box', `box_token = "${value}"`)).toHaveLength(1);
  expect(hitsOf('box', `the box with the key ${value}`)).toEqual([]);
  expect(hitsOf('box', `mailbox_token = "${value}"`)).toEqual([]);
});

test('an example is in the low band', () => {
  const run = charactersOf('hex').repeat(2);
  expect(hitsOf('weatherbit', `weatherbit_key=${run}`)).toEqual([{ value: run, confidence: 65 }]);
});
