import Module from 'node:module';
import { type Edit, mutants } from './mutant-list';

/** Preloaded into a simulation (`node --require`): takes one guard out of the program as it is loaded. */
interface Compiling {
  _compile(this: unknown, code: string, file: string): unknown;
}

const name = process.env.SIM_MUTANT;
const mutant = mutants.find((one) => one.name === name);
if (!mutant) throw new Error(`no mutant is called ${name}`);
const edits: Edit[] = mutant.also ? [mutant, mutant.also] : [mutant];
const prototype = Module.prototype as unknown as Compiling;
const compile = prototype._compile;
prototype._compile = function (code, file) {
  const edit = edits.find((one) => file.endsWith(one.file));
  if (!edit) return compile.call(this, code, file);
  if (!code.includes(edit.find)) throw new Error(`${mutant.name}: its guard is not in ${edit.file} any more`);
  return compile.call(this, code.replace(edit.find, edit.replace), file);
};
