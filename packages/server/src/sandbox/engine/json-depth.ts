const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether arrays and objects in a JSON text are nested deeper than `limit`; the text is known to be JSON. */
export function isNestedDeeper(json: Uint8Array, limit: number): boolean {
  // Each level takes two brackets.
  if (json.length < 2 * limit + 2) return false;
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === QUOTE) i = endOfString(json, i);
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > limit) return true;
  }
  return false;
}

function endOfString(json: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < json.length && json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1;
  return i;
}
