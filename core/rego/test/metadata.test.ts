import { describe, expect, test } from 'vitest';
import * as yaml from 'yaml';
import { compile, deps, inspectAnnotations, RegoErrors } from '../src/index.ts';
import type { Json } from '../src/index.ts';

const host = { yaml: () => yaml };

function ask(source: string, name: string): Json | undefined {
  return compile([{ file: 'test.rego', source }], { host })
    .entrypoint(name)
    .evaluate({});
}

function refusal(source: string): string {
  try {
    compile([{ file: 'test.rego', source }], { host });
    return 'accepted';
  } catch (error) {
    if (!(error instanceof RegoErrors)) throw error;
    return error.errors.map((one) => `${one.code} ${one.row}:${one.col} ${one.reason}`).join('\n');
  }
}

const ANNOTATED = `# METADATA
# title: Pkg
# authors:
# - Jane Doe <jane@x.com>
# - name: Bob
# organizations: [ACME]
# related_resources:
# - https://example.com/a
# - ref: https://example.com/b
#   description: b
package a.b
`;

describe('annotations', () => {
  test('a rule reads its own and those around it', () => {
    const source = `# METADATA
# scope: subpackages
# title: Outer
package a.b

# METADATA
# scope: document
# title: Doc
# METADATA
# title: Rule
# custom: {n: 3}
p := [rego.metadata.rule().custom.n, [c.path | some c in rego.metadata.chain()]]

q := rego.metadata.rule()`;
    expect(ask(source, 'a/b/p')).toEqual([
      3,
      [
        ['a', 'b', 'p'],
        ['a', 'b', 'p'],
        ['a', 'b'],
      ],
    ]);
    expect(ask(source, 'a/b/q')).toEqual({});
  });

  test('are listed with their place', () => {
    const source = `${ANNOTATED}
# METADATA
# entrypoint: true
# schemas:
# - input: schema.x
p := 1 # METADATA
# not a block`;
    const found = inspectAnnotations([{ file: 'test.rego', source }], yaml);
    expect(found).toEqual([
      {
        annotations: {
          scope: 'package',
          title: 'Pkg',
          authors: [{ name: 'Jane Doe', email: 'jane@x.com' }, { name: 'Bob' }],
          organizations: ['ACME'],
          related_resources: [
            { ref: 'https://example.com/a' },
            { ref: 'https://example.com/b', description: 'b' },
          ],
        },
        location: { file: 'test.rego', row: 1, col: 1 },
        path: ['data', 'a', 'b'],
      },
      {
        annotations: {
          scope: 'document',
          entrypoint: true,
          schemas: [
            {
              path: [{ type: 'var', value: 'input' }],
              schema: [
                { type: 'var', value: 'schema' },
                { type: 'string', value: 'x' },
              ],
            },
          ],
        },
        location: { file: 'test.rego', row: 13, col: 1 },
        path: ['data', 'a', 'b', 'p'],
      },
    ]);
  });

  test.each([
    [
      'package a\n\n# METADATA\n# scope: package\np := 1',
      "annotation scope 'package' must be applied to package (have rule)",
    ],
    [
      'package a\n\n# METADATA\n# scope: rulez\np := 1',
      "invalid annotation scope 'rulez'. Use one of 'rule', 'document', 'package', or 'subpackages'",
    ],
    [
      'package a\n\n# METADATA\n# scope: rule\n# entrypoint: true\np := 1',
      "annotation entrypoint applied to non-document or package scope 'rule'",
    ],
    ['package a\n\n# METADATA\np := 1', 'expected METADATA block, found whitespace'],
    [
      'package a\n\n# METADATA\n# authors: [""]\np := 1',
      'invalid author definition : author is an empty string',
    ],
    [
      'package a\n\n# METADATA\n# related_resources: [{description: x}]\np := 1',
      'invalid related-resource definition',
    ],
  ])('%j', (source, message) => {
    expect(refusal(source)).toContain(`rego_parse_error 3:1 ${message}`);
  });

  test('YAML that is not valid is refused at its line; a second annotation of a document too', () => {
    expect(refusal('package a\n\n# METADATA\n# title: a\n# title: [\np := 1')).toMatch(
      /^rego_parse_error [56]:1 yaml: /,
    );
    const twice = '# METADATA\n# scope: document\n# title: x\np := 1\n';
    expect(refusal(`package a\n\n${twice}\n${twice}`)).toBe(
      'rego_type_error 8:1 document annotation redeclared: test.rego:3',
    );
  });
});

describe('deps', () => {
  test('base and virtual documents, direct and through others', () => {
    const source = `package a
import data.base.x
p if { q; input.y; x.z; data.other[_].k; input.w[i].v }
q if { r[input.k]; data.a.s }
r[k] := v if { some k, v in data.map }
s := data.b.t
unused := data.nothing`;
    expect(deps([{ file: 'test.rego', source }], 'a/p')).toEqual({
      base: ['data.b.t', 'data.base.x.z', 'data.map', 'data.other', 'input.k', 'input.w', 'input.y'].map(
        (path) => path.split('.'),
      ),
      virtual: ['data.a.p', 'data.a.q', 'data.a.r', 'data.a.s'].map((path) => path.split('.')),
    });
  });
});
