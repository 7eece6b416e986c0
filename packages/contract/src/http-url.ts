/** The URL standard's parser: a pure function that every host of this package has. Only the test for validity is used. */
declare const URL: { canParse(url: string): boolean };

const ABSOLUTE = /^https?:\/\/([^/?#]+)/i;

/** Blanks, control characters and backslashes: URL parsers drop or rewrite them, so that what is checked is not what is called. */
function hasRewritten(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit <= 0x20 || unit === 0x7f || unit === 0x5c) return true;
  }
  return false;
}

/** Absolute, `http` or `https`, and a URL as every parser reads it. */
export function isHttpUrl(text: string): boolean {
  return ABSOLUTE.test(text) && !hasRewritten(text) && URL.canParse(text);
}

/** `user:password@host`; meaningful for a text that `isHttpUrl` accepts. */
export function hasUserInformation(url: string): boolean {
  return ABSOLUTE.exec(url)?.[1]?.includes("@") ?? false;
}

export function dropFragment(url: string): string {
  const hash = url.indexOf("#");
  return hash === -1 ? url : url.slice(0, hash);
}

/** Extension of the last segment of the path, lower case, without the dot; "" when there is none. */
export function urlExtension(url: string): string {
  const path = url.slice(ABSOLUTE.exec(url)?.[0].length ?? 0).replace(/[?#].*$/s, "");
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot === -1 ? "" : name.slice(dot + 1).toLowerCase();
}
