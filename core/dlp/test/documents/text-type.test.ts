import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classify, defaultLimits, extract, sourceOf } from '../../src/index.ts';
import { mediaTypeOf } from '../../src/documents/media-type.ts';
import { plainOf } from '../../src/documents/plain.ts';
import { textTypeOf } from '../../src/documents/text-type.ts';
import { nodeDlpHost } from '../../src/node/index.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const host = nodeDlpHost();

test.each([
  ['<!DOCTYPE html>\n<title>x</title>', 'text/html'],
  ['\ufeff\n <HTML lang="en">', 'text/html'],
  ['<html-table>', 'text/plain'],
  ['<?xml version="1.0"?><a/>', 'application/xml'],
  ['<?php echo 1;', 'text/x-php'],
  ['<a@example.org> wrote:', 'text/plain'],
  ['#!/usr/bin/env python3\nimport os\n', 'text/x-python'],
  ['#!/usr/bin/env -S node --test\n', 'text/javascript'],
  ['#! /bin/bash -e\n', 'text/x-shellscript'],
  ['#!/usr/bin/awk -f\n', 'text/plain'],
  ['{\n  "name": "x"\n}\n', 'application/json'],
  ['{}\n', 'application/json'],
  ['{% if x %}\n', 'text/plain'],
  ['{"a": 1}\r\n{"a": 2}\r\n', 'application/x-ndjson'],
  ['{"a": 1}\n', 'application/json'],
  ['[1, 2]', 'application/json'],
  ['[\n  {"a": 1}\n]', 'application/json'],
  ['[1] A footnote', 'text/plain'],
  ['[target]\nname = 1\n', 'text/plain'],
  ['[true]\nname = 1\n', 'text/plain'],
  ['name,city,zip\nAnn,Rome,00184\nBob,Oslo,0150\n', 'text/csv'],
  ['name;city\r\n"Ann;x";Rome\r\n', 'text/csv'],
  ['name\tcity\nAnn\tRome\n', 'text/tab-separated-values'],
  ['name,city\nAnn,Rome\nBob\n', 'text/plain'],
  ['Dear Ann, hello\nthank you, all\n', 'text/plain'],
  ['# Title\n\nSee [this](https://example.org/).\n', 'text/markdown'],
  ['# a comment\nx = 1\n', 'text/plain'],
  ['# a comment\n\nx[1](2)\n', 'text/markdown'],
  ['Some words.\n', 'text/plain'],
  ['', 'text/plain'],
])('%j is %s', (text, type) => {
  expect(textTypeOf(bytesOf(text))).toBe(type);
  expect(classify(sourceOf(bytesOf(text)), host).type).toBe(type);
  // What decides how it is read knows one kind of text.
  expect(mediaTypeOf(bytesOf(text))).toBe('text/plain');
});

test('a text that is no UTF-8 is not looked at further', () => {
  const wide = new Uint8Array(Buffer.from('\ufeff{"a": 1}', 'utf16le'));
  expect(classify(sourceOf(wide), host).type).toBe('text/plain');
});

const pieces =
  'a b|\n|{"a": 1}|<html>|PK\x03\x04|PK\x05\x06|\0|\x1f\x8b|%PDF-1.7|+/v8|\ufeff|From: a\nTo: b\nSubject: c\n|{\\rtf1 x}|é|ustar|MZ|Salted__|\x01|\x1b[0m'.split(
    '|',
  );

test('what is taken for one text is what all would be read of it', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }), (some) => {
      const source = sourceOf(bytesOf(some.join('')));
      const found = plainOf(source, defaultLimits);
      if (found === undefined) return;
      plain += 1;
      const items = [...extract(source, host)];
      const texts = items.filter((item) => item.kind === 'text');
      expect(items).toHaveLength(2);
      expect(items[0]).toEqual({ kind: 'type', type: found.type });
      expect(texts.map(({ part, text }) => ({ part, text }))).toEqual([{ part: '', text: found.text }]);
    }),
    { numRuns: 2000, seed: 5 },
  );
  expect(plain).toBeGreaterThan(100);
});

test('what may be something else is not taken for one text', () => {
  const of = (text: string): unknown => plainOf(sourceOf(bytesOf(text)), defaultLimits);
  expect(of('text')).toBeDefined();
  for (const text of ['', 'a\0b', 'text PK\x05\x06', '%PDF-1.7', `a${'b'.repeat(1 << 16)}`])
    expect(of(text)).toBeUndefined();
  expect(plainOf(sourceOf(bytesOf('text')), { ...defaultLimits, maxBytes: 3 })).toBeUndefined();
});
