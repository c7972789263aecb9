/**
 * npm start: from a bare checkout to a working farm. Checks Node, installs, builds, then hands over to the
 * supervisor (tools/farm), which stays in this process so that Ctrl-C has one master.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { root } from './workspace.mjs';

process.chdir(root);
await prepare();
process.setSourceMapsEnabled(true);
const require = createRequire(import.meta.url);
await require(join(root, 'dist/tools/farm/main.js')).main(process.argv.slice(2));
