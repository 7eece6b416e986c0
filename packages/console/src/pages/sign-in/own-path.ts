/** An address of this console: a link to the sign-in page cannot lead anywhere else. */
export function isOwnPath(to: string): boolean {
  return /^\/(?![/\\])/.test(to) && !to.startsWith("/login");
}
