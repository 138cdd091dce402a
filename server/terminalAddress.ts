import { renderUnicodeCompact } from 'uqr';

/**
 * Lines for the terminal: an address, and its code for a phone's camera, indented. `coloured`: light on dark whatever the
 * terminal's own colours are, since cameras dislike a code whose light and dark are swapped.
 */
export function addressWithCode(address: string, coloured: boolean): readonly string[] {
  const code = renderUnicodeCompact(address, { border: 2 }).split('\n');
  return [`  ${address}`, '', ...code.map((line) => (coloured ? `  \u001b[97;40m${line}\u001b[0m` : `  ${line}`))];
}
