/*
 * Ends with one clear sentence where Node is too old even to install the packages, which bring the Node that runs the rest.
 * Kept to what Node 12 can read, and so are the files that import it: they load everything newer only afterwards.
 */
if (Number(process.versions.node.split('.')[0]) < 18) {
  process.stderr.write('Shangliang needs Node 18 or newer to set itself up; this is Node ' + process.versions.node + '.\n');
  process.exit(1);
}
