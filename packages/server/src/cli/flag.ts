export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all that is left. */
  readonly many?: boolean;
}

export interface FlagSpec {
  /** Without dashes; one letter is a short flag without a long one, unless `long` says otherwise. */
  readonly name: string;
  /** One letter behind two dashes. */
  readonly long?: true;
  readonly short?: string;
  readonly kind: "switch" | "text" | "integer" | "duration";
  /** What the value is called in the help text. */
  readonly value?: string;
  readonly summary: string;
  /** May be given more than once. */
  readonly many?: boolean;
  readonly fallback?: string;
  /** The only values that it takes. */
  readonly values?: readonly string[];
}

/** `--since`, `-i`. */
export function spelling({ name, long }: FlagSpec): string {
  return name.length === 1 && !long ? `-${name}` : `--${name}`;
}
