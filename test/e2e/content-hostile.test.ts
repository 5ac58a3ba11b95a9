/** An agent that may write what it may not read, and tries to read it all the same. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { situations, World } from './world.ts';

const iban = 'GB33BUKB20201555555555';

/** The rules name what they deny, and nothing of what could not be read. */
function listing(under: string): string {
  return `import rego.v1

default decision := {"allow": true}

governed if { input.action == "read_file"; startswith(input.path, ${JSON.stringify(`${under}/`)}) }

decision := {"allow": false, "message": "personal"} if { governed; "pii.iban" in input.resource.classification }

decision := {"allow": false, "message": "labelled"} if { governed; "secret" in input.resource.labels }`;
}

const attack = `
import fcntl, json, os, signal, sys, threading, time
d, out = sys.argv[1] + "/data", sys.argv[1] + "/out"
def read(p):
    fd = os.open(p, os.O_RDONLY)
    try: return os.read(fd, 1000).decode("latin1")
    finally: os.close(fd)
def lease():
    fd = os.open(d + "/lease", os.O_WRONLY)
    fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    got = []
    def go():
        try: got.append(read(d + "/lease"))
        except OSError as e: got.append(e.strerror)
    t = threading.Thread(target=go); t.start()
    time.sleep(1)
    os.close(fd)
    t.join()
    return got[0]
def mode():
    os.chmod(d + "/mode", 0)
    os.rename(d + "/mode", out + "/mode")
    os.chmod(out + "/mode", 0o644)
    return read(out + "/mode")
def head(name, bytes):
    fd = os.open(d + "/" + name, os.O_WRONLY)
    os.pwrite(fd, bytes, 0)
    os.close(fd)
    return read(d + "/" + name)
def strip(how):
    how()
    return read(d + "/" + "label")
attacks = {
  "lease": lease, "mode": mode,
  "archive": lambda: head("archive", b"7z\\xbc\\xaf'\\x1c"), "picture": lambda: head("picture", b"GIF89a"),
  "wide": lambda: head("wide", b"\\xff\\xfe"), "document": lambda: head("document", b"%PDF-"),
  "removed": lambda: strip(lambda: os.removexattr(d + "/label", "user.chaperone.label")),
  "lowered": lambda: strip(lambda: os.setxattr(d + "/label", "user.chaperone.label", b"public")),
}
found = {}
for name, do in attacks.items():
    try: found[name] = do()
    except OSError as e: found[name] = e.strerror
print(json.dumps(found))
`;

for (const where of situations)
  test(`content that is denied stays so: ${where.title} [req: content:open]`, async () => {
    using world = new World(where);
    world.folder('data');
    world.folder('out');
    world.policy(listing(world.at('data')));
    for (const name of ['lease', 'mode', 'archive', 'picture', 'wide', 'document'])
      world.file(`data/${name}`, `name and account\nBob,${iban}\n`);
    const labelled = world.file('data/label', 'nothing else\n');
    const { status } = spawnSync('python3', [
      '-c',
      'import os, sys; os.setxattr(sys.argv[1], "user.chaperone.label", b"secret")',
      labelled,
    ]);
    expect(status).toBe(0);
    const { code, stdout, stderr } = await world.run(['python3', '-c', attack, world.dir]);
    expect(code, stderr).toBe(0);
    const refused = 'Permission denied';
    expect(JSON.parse(stdout)).toEqual(
      Object.fromEntries(
        ['lease', 'mode', 'archive', 'picture', 'wide', 'document', 'removed', 'lowered'].map((name) => [
          name,
          refused,
        ]),
      ),
    );
  });
