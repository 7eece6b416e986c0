import type { Words } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { checkLiteralUrl, parseAllowList } from "#egress/egress";
import { checkCode } from "#sandbox/program/prepare";
import type { CompileOptions } from "#workflows/compile-version";
import { linearPatterns } from "#workflows/linear-patterns";

export interface CheckOptions extends CompileOptions {
  /** May workflows of this server call the internal host? */
  readonly egressAllow: (host: string) => boolean;
}

/** The checks of a server with this `MILLRACE_EGRESS_ALLOW`, told in the words of a language. Throws AllowListError. */
export function checkOptions(egressAllow: string, words?: Words): CheckOptions {
  const allowed = parseAllowList(egressAllow);
  return {
    specs: nodeSpecs,
    patterns: linearPatterns,
    checkCode,
    ...(words && { words }),
    egressAllow: (host) => checkLiteralUrl(`http://${host}/`, allowed) === null,
  };
}
