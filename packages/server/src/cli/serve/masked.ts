/** Text that is a secret by its form, whoever wrote it into a message: keys, webhook secrets, credentials of headers and URLs. */
const SECRETS: readonly (readonly [form: RegExp, shown: string])[] = [
  [/(mr[dh]?_)[A-Za-z0-9_-]{40}/g, "$1***"],
  [/whsec_[A-Za-z0-9+/=_-]+/g, "whsec_***"],
  [/([Bb]earer|[Bb]asic) [A-Za-z0-9._~+/=-]{8,}/g, "$1 ***"],
  [/(:\/\/)[^\s/@"]+@/g, "$1***@"],
];

/** Every line of the server's log passes here. */
export function masked(line: string): string {
  return SECRETS.reduce((text, [form, shown]) => text.replace(form, shown), line);
}

/** Characters that end a line or steer a terminal, each written as `shown` says of its code. */
export function printable(text: string, shown: (code: number) => string): string {
  return text.replace(CONTROL, (character) => shown(character.charCodeAt(0)));
}

const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
