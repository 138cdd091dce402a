/** Flips, cuts, inserts, overwrites, splices and numbers without end, one to `most` of them, as chance has it. */
export function mutate(frame: Uint8Array, other: Uint8Array, random: (below: number) => number, most = 3): Uint8Array {
  let bytes = [...frame];
  for (let times = random(most); times >= 0; times -= 1) {
    const at = random(bytes.length + 1);
    const kind = random(6);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes = bytes.slice(0, at);
    else if (kind === 2) bytes.splice(at, 0, random(256));
    else if (kind === 3) bytes.splice(at, 1, 0xff, 0xff, 0xff, 0xff, 0x0f);
    else if (kind === 4) bytes.splice(at, random(5), ...other.slice(random(other.length)));
    else bytes[at] = random(4);
  }
  return Uint8Array.from(bytes);
}

/** The same for texts. */
export function mutateText(text: string, other: string, random: (below: number) => number): string {
  return Buffer.from(mutate(Buffer.from(text), Buffer.from(other), random)).toString('utf8');
}
