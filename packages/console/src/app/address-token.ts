/** What the address of a link carried, or null. */
let token: string | null = null;

/** A token leaves the address at once, so that it is neither bookmarked nor shared. */
export function takeTokenFromAddress(): void {
  const found = tokenIn(location.hash);
  if (found === null) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  token = found;
}

/** `#link=<token>`, `#<token>` */
export function tokenIn(hash: string): string | null {
  return /^#(?:link=)?([A-Za-z0-9_-]{40})$/.exec(hash)?.[1] ?? null;
}

export function currentToken(): string | null {
  return token;
}

export function dropToken(): void {
  token = null;
}
