/** How many values a piece may hold that is written by one call of `JSON.stringify`. */
const mostValues = 256;
/** Longer texts and bytes are written in slices. */
const sliceLength = 48 * 1024;
/** Pieces are gathered to about this many characters before they go out. */
const chunkLength = 32 * 1024;

/**
 * JSON in chunks of some 32,000 characters, each made when it is asked for, so that a long answer is never in memory as a whole. Lists may
 * be any iterable: a generator's rows are made one by one. Bytes (Uint8Array) are written as base64. Otherwise what `JSON.stringify` gives.
 */
export function* jsonChunks(value: unknown): Generator<string> {
  let chunk = '';
  for (const piece of pieces(value)) {
    chunk += piece;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** A long text in slices that tear no character apart. */
export function* textChunks(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + sliceLength);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    yield text.slice(at, end);
    at = end;
  }
}

/** Bytes as base64, in slices. */
export function* base64Chunks(bytes: Uint8Array): Generator<string> {
  // A multiple of three, so that no slice but the last is filled up.
  for (let at = 0; at < bytes.byteLength; at += sliceLength) {
    const end = Math.min(bytes.byteLength, at + sliceLength);
    yield Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('base64');
  }
}

function* pieces(value: unknown): Generator<string> {
  if (value instanceof Uint8Array) {
    yield '"';
    yield* base64Chunks(value);
    yield '"';
  } else if (typeof value === 'string' && value.length > sliceLength) {
    yield '"';
    for (const slice of textChunks(value)) yield JSON.stringify(slice).slice(1, -1);
    yield '"';
  } else if (typeof value !== 'object' || value === null || isLight(value)) yield JSON.stringify(value) ?? 'null';
  else if (isIterable(value)) {
    let separator = '[';
    for (const item of value) {
      yield separator;
      yield* pieces(item);
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  } else {
    let separator = '{';
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* pieces(field);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  }
}

/** Whether a value is small and plain enough for one call of `JSON.stringify`. Looks at a bounded part of it. */
function isLight(value: unknown): boolean {
  let left = mostValues;
  const look = (part: unknown): boolean => {
    left -= 1;
    if (left < 0) return false;
    if (typeof part === 'string') return (left -= part.length >> 6) >= 0;
    if (typeof part !== 'object' || part === null) return true;
    if (Array.isArray(part)) return part.length <= left && part.every(look);
    if (part instanceof Uint8Array || isIterable(part)) return false;
    return Object.values(part).every(look);
  };
  return look(value);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
