/** What an agent hides beside the content of its outputs does not get out unseen. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { people, QuarantineWorld, reviewing } from './world-quarantine.ts';

const program = `
import gzip, io, os
value = b"account GB33BUKB20201555555555\\n"
def write(name, content):
    with open(name, "wb") as f: f.write(content)
write("attribute", b"nothing"); os.setxattr("attribute", "user.note", value)
os.mkdir("folder"); os.setxattr("folder", "user.note", value); write("folder/inner", b"nothing")
os.symlink("GB33BUKB20201555555555", "link")
plain = gzip.compress(b"nothing")
write("comment.gz", plain[:3] + b"\\x10" + plain[4:10] + value + b"\\0" + plain[10:])
write("7z", b"7z\\xbc\\xaf'\\x1c" + value)
write("sealed.gpg", b"-----BEGIN PGP MESSAGE-----\\n")
write("clean", b"nothing"); os.setxattr("clean", "user.note", b"hello")
`;

for (const identity of people)
  test(`attributes, targets, headers: ${identity.name} [req: quarantine:settle]`, async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('hide.py', program);
    const { code, stderr } = await world.shell('python3 ../hide.py');
    expect(code, stderr).toBe(0);
    expect((await world.held()).map((one) => path.basename(one.path)).toSorted()).toEqual([
      '7z',
      'attribute',
      'comment.gz',
      'link',
      'sealed.gpg',
    ]);
    const place = world.at('place');
    expect(readdirSync(place).toSorted()).toEqual(['clean', 'folder']);
    expect(existsSync(path.join(place, 'folder/inner'))).toBe(true);
    const { stdout } = await world.runBare([
      'python3',
      '-c',
      'import os; print(os.listxattr("place/folder"), os.listxattr("place/clean"))',
    ]);
    expect(stdout.trim()).toBe("[] ['user.note']");
  });
