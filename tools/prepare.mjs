/** Node, packages and dist/, in this order: what every command needs before it can do its own work. */
import { build } from './build.mjs';
import { checkNode, ensureInstalled, fail } from './workspace.mjs';

export async function prepare() {
  checkNode();
  await ensureInstalled();
  if (!(await build({ quiet: true }))) fail('The build failed; see above.');
}
