import { variables, type Variable } from './variables';

/** Text of `.env.example`: every variable with its purpose and default, commented out. */
export function renderEnvExample(): string {
  const blocks = Object.entries<Variable<unknown>>(variables).map(([name, { doc, standard, secret }]) => {
    const lines = [`# ${doc}`];
    if (secret) lines.push(`# (or ${name}_FILE: the name of a file that holds it)`);
    return [...lines, `#${name}=${standard ?? ''}`].join('\n');
  });
  return [
    '# Settings of KKT Farm. Copy to .env and change what you need: every line shows its default.\n# What the environment itself says comes first. This file is written by libs/config.',
    ...blocks,
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}
