/**
 * The first file of a package, whose Node may be anybody's. An older one could not even load the rest, so this file asks
 * nothing of it. A checkout starts with main.js.
 */
const [major] = process.versions.node.split('.');
if (Number(major) >= 24) {
  await import('./main.js');
} else {
  process.stderr.write(
    `chaperone: Node 24 or newer is needed, and this one (${process.execPath}) is ${process.versions.node}; install a newer one, or install this package with its optional dependencies\n`,
  );
  process.exitCode = 125;
}
