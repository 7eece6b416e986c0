/** A pattern that a backtracking engine takes for ever over, and what makes it. */
export interface SlowPattern {
  readonly pattern: string;
  /** Repeated as often as one likes. */
  readonly pump: string;
  readonly suffix: string;
}

const slow = (pattern: string, pump: string, suffix = "!"): SlowPattern => ({ pattern, pump, suffix });

/** Exponential, polynomial, and what linear engines refuse or find hard. */
export const SLOW_PATTERNS: readonly SlowPattern[] = [
  slow("^(a+)+$", "a"),
  slow("^(a*)*$", "a"),
  slow("^(a|a)*$", "a"),
  slow("^(a|aa)+$", "a"),
  slow("^([a-zA-Z]+)*$", "a"),
  slow("^(a?){25}a{25}$", "a"),
  slow("^(.*a){12}$", "a"),
  slow("(x+x+)+y", "x", ""),
  slow("^(\\w+\\s?)*$", "aaa "),
  slow("^(([a-z])+.)+[A-Z]([a-z])+$", "a", ""),
  slow("^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$", "a"),
  slow("^(?:(?:\"[^\"]*\"|'[^']*'|[^'\"])*)*$", "\"'", '"'),
  slow("a*a*a*a*a*b", "a", ""),
  slow("\\s+$", " ", "x"),
  slow("^\\s+|\\s+$", " ", "x"),
  slow("(.*),(.*),(.*),(.*),(.*)z", ",", ""),
  slow("^(\\d+)+\\.$", "1"),
  slow("^((ab)*)+$", "ab"),
  slow("^(\\p{L}+)+$", "é"),
  slow("(?:a|b|ab)*c", "ab", ""),
  slow("^[\\s\\S]*<[\\s\\S]*>[\\s\\S]*$", "<", ""),
  slow("(a{0,50}){0,50}b", "a", ""),
  slow("(a+)\\1+b", "a", ""),
  slow("(?=(a+))a*b\\1", "a", ""),
  slow("^(?<!a)(a+)+$", "a"),
];
