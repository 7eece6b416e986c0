/** A `data:` prefix is looked for within these first characters: media types are short. */
const PREFIX_CHARACTERS = 256;
const DATA_PREFIX = /^data:[^,]*;base64,/i;

export interface Base64Contents {
  /** The text without a `data:` prefix. */
  readonly base64: string;
  /** Length when decoded. */
  readonly bytes: number;
}

/** Standard or URL alphabet, padding optional, white space ignored; null when the text is not base64. Nothing is decoded or copied. */
export function readBase64(text: string): Base64Contents | null {
  const base64 = text.slice(DATA_PREFIX.exec(text.slice(0, PREFIX_CHARACTERS))?.[0].length ?? 0);
  let digits = 0;
  let padding = 0;
  for (let index = 0; index < base64.length; index++) {
    const unit = base64.charCodeAt(index);
    if (isDigit(unit) && padding === 0) digits++;
    else if (unit === EQUALS) padding++;
    else if (!isSpace(unit)) return null;
  }
  const rest = digits % 4;
  const padded = padding === 0 || (rest > 1 && rest + padding === 4);
  return rest !== 1 && padded ? { base64, bytes: Math.floor((digits * 3) / 4) } : null;
}

const EQUALS = 0x3d;

function isDigit(unit: number): boolean {
  const isLetter = (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
  return isLetter || (unit >= 0x30 && unit <= 0x39) || unit === 0x2b || unit === 0x2f || unit === 0x2d || unit === 0x5f;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}
