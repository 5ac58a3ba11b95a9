import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Mounts } from '../src/context/mounts.ts';
import { aTree } from './policy-fixture.ts';

/** As makedev(3). */
const device = (major: number, minor: number): bigint =>
  (BigInt(major & 0xfff) << 8n) | BigInt(minor & 0xff) | (BigInt(minor & ~0xff) << 12n);

const table = [
  '1 0 254:1 / / rw - ext4 /dev/vda1 rw',
  '2 1 0:50 / /mnt/my\\040nas rw - nfs4 server:/x rw',
  '3 1 0:51 / /mnt/ssh rw shared:1 master:2 - fuse.sshfs u@h: rw',
  '4 1 0:52 / /tmp rw - tmpfs tmpfs rw',
  '5 1 8:17 / /media/stick rw - vfat /dev/sdb1 rw',
  '6 1 253:0 / /media/crypt rw - ext4 /dev/mapper/x rw',
  '7 1 0:53 / /home rw - btrfs /dev/vda2 rw',
  '8 1 0:54 / /odd rw - fuse.something x rw',
  '9 1 8:33 / /usb rw - ext4 /dev/sdc1 rw',
].join('\n');

function machine(text = table): { mounts: Mounts; tick: (ms: number) => void; mountinfo: string } {
  const root = aTree('sys/dev/block/', 'mountinfo');
  const block = (number: string, at: string, files: Readonly<Record<string, string>>): void => {
    const folder = path.join(root, 'sys/devices', at);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    symlinkSync(folder, path.join(root, 'sys/dev/block', number));
  };
  block('254:0', 'virtio/block/vda', { removable: '0\n' });
  block('254:1', 'virtio/block/vda/vda1', { dev: '254:1\n' });
  block('8:16', 'ata/block/sdb', { removable: '1\n' });
  block('8:17', 'ata/block/sdb/sdb1', { dev: '8:17\n' });
  block('253:0', 'virtual/block/dm-0', { removable: '0\n', 'slaves/sdb1/dev': '8:17\n' });
  block('8:33', 'pci/usb2/2-1/block/sdc/sdc1', { '../removable': '0\n' });
  const mountinfo = path.join(root, 'mountinfo');
  writeFileSync(mountinfo, text);
  let now = 0;
  const mounts = new Mounts({ mountinfo, sys: path.join(root, 'sys'), clock: () => now });
  return { mounts, mountinfo, tick: (ms) => void (now += ms) };
}

describe('[req: context:mount] where a file lies', () => {
  test.each([
    [254, 1, '/x', 'local'],
    [0, 50, '/mnt/my nas/x', 'network'],
    [0, 51, '/mnt/ssh/x', 'network'],
    [0, 52, '/tmp/x', 'local'],
    [8, 17, '/media/stick/x', 'removable'],
    [253, 0, '/media/crypt/x', 'removable'],
    [8, 33, '/usb/x', 'removable'],
    [0, 54, '/odd/x', undefined],
    [0, 99, '/home/u/x', 'local'],
    [0, 98, '/mnt/my nas/sub/x', 'network'],
    [0, 97, '/mnt/my nas2/x', 'local'],
    [9, 9, '/x', undefined],
  ])('device %d:%d, %s: %s', (major, minor, place, kind) => {
    expect(machine().mounts.kindOf(device(major, minor), place)).toBe(kind);
  });

  test('a device number that another file system took over is noticed', () => {
    const { mounts, mountinfo, tick } = machine();
    expect(mounts.kindOf(device(0, 52), '/tmp/x')).toBe('local');
    writeFileSync(mountinfo, table.replace('/tmp rw - tmpfs tmpfs', '/tmp rw - nfs server:/x'));
    tick(1_000);
    expect(mounts.kindOf(device(0, 52), '/tmp/x')).toBe('network');
  });

  test('without a table nothing is told', () => {
    expect(machine('').mounts.kindOf(device(0, 52), '/tmp/x')).toBeUndefined();
  });
});
