/** Characters of `https://host/path` in an error message. */
export const MAX_SHOWN_URL = 300;

/** `https://host/path` for messages: without user, query and fragment, which may carry credentials and users' data. */
export function shownUrl(url: string): string {
  const [, scheme = "", place = ""] = /^([a-z]+:\/\/)?(?:[^/?#]*@)?([^?#]*)/i.exec(printable(url)) ?? [];
  const text = scheme + place;
  return text.length <= MAX_SHOWN_URL ? text : `${text.slice(0, MAX_SHOWN_URL - 1)}…`;
}

/** A URL parser drops line breaks and tabs; a message must not carry them either. */
function printable(url: string): string {
  return url.trim().replace(/\p{Cc}/gu, "");
}
