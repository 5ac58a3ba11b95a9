import { expect, test } from 'vitest';
import { seen } from './people-scan.ts';

const programs: Readonly<Record<string, string>> = {
  python:
    'import os\nfrom sys import argv\n\nclass Foo:\n    def run(self):\n        if self.a:\n            return 1\n        for i in range(3):\n            print(i)\n',
  javascript:
    "'use strict';\nconst fs = require('fs');\n\nfunction run(a, b) {\n  if (a) {\n    return b;\n  }\n  fs.close(a);\n}\n\nmodule.exports = { run };\n",
  typescript:
    "import type { A } from './a.ts';\n\nexport type B = {\n  readonly a: string;\n  b?: number;\n};\n\nexport function run(a: A, b: string): B {\n  return { a: b };\n}\n",
  java: 'package com.acme;\n\nimport java.util.List;\n\npublic class Foo {\n  @Override\n  public String toString() {\n    System.out.println("x");\n    List<String> a = new ArrayList<>();\n    return "";\n  }\n}\n',
  c: '#include <stdio.h>\n#define N 3\n\nstatic int run(int a)\n{\n  int b = a;\n  return b;\n}\n\nint main(void) {\n  return run(N);\n}\n',
  go: 'package main\n\nimport (\n\t"fmt"\n)\n\nfunc (a *A) Run() (int, error) {\n\tv, err := a.load()\n\tif err != nil {\n\t\treturn 0, err\n\t}\n\treturn v, nil\n}\n',
  rust: 'use std::fmt;\n\n#[derive(Debug)]\npub struct A {\n  x: i32,\n}\n\nimpl A {\n  pub fn run(&self) -> i32 {\n    let mut b = self.x;\n    match b {\n      _ => 1,\n    }\n  }\n}\n',
  ruby: "require 'set'\n\nclass Foo < Bar\n  attr_reader :a\n\n  def run(a)\n    @a = a\n    a.each do |x|\n      puts x\n    end\n  end\nend\n",
  php: '<?php\nnamespace Acme;\n\nuse Foo\\Bar;\n\nclass A {\n  public function run($a) {\n    $b = $this->c($a);\n    foreach ($b as $d) {\n      echo $d;\n    }\n  }\n}\n',
  perl: 'use strict;\nuse warnings;\n\nsub run {\n  my ($a, $b) = @_;\n  $a->{x} = $b;\n  foreach my $c (@$b) {\n    print $c if $c =~ /x/;\n  }\n}\n1;\n',
  shell:
    '#!/bin/sh\nset -e\nA=1\n\nrun() {\n  if [ -f "$A" ]; then\n    echo "$A"\n  fi\n  for b in 1 2; do\n    rm "$b"\n  done\n}\n',
  kotlin:
    'package com.acme\n\nimport java.io.File\n\ndata class A(val x: Int)\n\nfun run(a: A): Int {\n  val b = a.x\n  when (b) {\n    1 -> return 2\n  }\n  var c: Int = 3\n  return c\n}\n',
  swift:
    'import Foundation\n\nstruct A: Codable {\n  let x: Int\n  private var y: String\n}\n\nextension A {\n  func run(a: Int) -> Int {\n    guard let b = a else { return 1 }\n    return b\n  }\n}\n',
  sql: "CREATE TABLE person (\n  id INTEGER,\n  name TEXT\n);\n\nINSERT INTO person VALUES (1, 'a');\n\nSELECT id\nFROM person\nJOIN other ON other.id = person.id\nWHERE id > 1\nORDER BY id;\n",
  haskell:
    'module Main where\n\nimport qualified Data.Map as M\n\ndata A = A { x :: Int } deriving (Show)\n\nrun :: Int -> Int\nrun a = a + 1\n\nmain :: IO () -> x\n',
  lua: 'local M = {}\n\nlocal function run(a)\n  if a then\n    local b = 1\n    for i = 1, 3 do\n      print(i)\n    end\n  end\nend\n\nfunction M.go(a)\nend\n',
  elixir:
    'defmodule Acme.Foo do\n  alias Acme.Bar\n\n  @doc "x"\n  def run(a) do\n    a\n    |> Bar.go()\n  end\n\n  defp go(a) do\n    {a, %{b: 1}}\n  end\nend\n',
  powershell:
    'function Get-Thing {\n  param(\n    [string]$Name\n  )\n  $a = Get-ChildItem -Path $Name\n  Write-Host $a\n  $b = New-Object Foo\n}\n',
  cobol:
    'IDENTIFICATION DIVISION.\nPROGRAM-ID. A.\nDATA DIVISION.\nWORKING-STORAGE SECTION.\n01 X PIC 9(4) VALUE 1.\nPROCEDURE DIVISION.\n  MOVE 1 TO X.\n  COMPUTE X = (X + 1).\n  DISPLAY X.\n',
  fortran:
    'program main\n  implicit none\n  integer :: a\n  real :: b(3)\n  call run(a)\ncontains\n  subroutine run(x)\n    integer :: x\n  end subroutine\nend program\n',
};

test.each(Object.entries(programs))('%s', (language, program) => {
  const found = seen(program).filter((one) => one.id === 'source_code');
  expect(found.map((one) => one.class)).toEqual([`source_code.${language}`]);
  expect(found[0]?.confidence).toBeLessThan(85);
});

test.each([
  'We import goods, return them for a refund; if (and only if) they are broken. '.repeat(20),
  '2026-11-22T12:00:01 INFO [main] request=1 took=2\n'.repeat(40),
  '[section]\nkey = value\nother = 1\npath = /usr/lib\n'.repeat(10),
  '{\n  "name": "a",\n  "version": "1.0.0",\n  "list": [1, 2]\n}\n',
  'name: ci\non:\n  push:\njobs:\n  a:\n    runs-on: x\n',
  'a,b,c\n1,2,3\n4,5,6\n'.repeat(10),
])('no source code: %#', (text) => {
  expect(seen(text).filter((one) => one.id === 'source_code')).toEqual([]);
});
