/** Lines for the person who started the farm. Colour only where a terminal shows it. */
const isColourful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (isColourful ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

// The terminal may go away before the farm does.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

const nameWidth = 18;

/** A step of the start that went well. */
export function sayDone(name: string, told: string, elapsedMs?: number): void {
  const time = elapsedMs === undefined ? '' : dim(` ${(elapsedMs / 1000).toFixed(1)} s`);
  say(`  ${green('✓')} ${name.padEnd(nameWidth)} ${told}${time}`);
}

export const sayNote = (name: string, told: string): void =>
  say(`  ${dim('–')} ${name.padEnd(nameWidth)} ${dim(told)}`);
export const sayWarning = (name: string, told: string): void =>
  say(`  ${yellow('!')} ${name.padEnd(nameWidth)} ${told}`);
export const sayError = (name: string, told: string): void =>
  say(`  ${red('✗')} ${name.padEnd(nameWidth)} ${told}`);

/** Rows under one another in columns as wide as their longest cell (the last one excepted). */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '),
  );
}
