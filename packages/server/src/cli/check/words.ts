import { negotiateLanguage, type Words } from "@millrace/contract";
import { acceptLanguage } from "#cli/accept-language";
import type { CliContext } from "#cli/context";
import { problemWords } from "#workflows/problem-words";

/** Of the language that the person reads, for the problems of files. */
export function wordsFor({ environment }: Pick<CliContext, "environment">): Promise<Words | undefined> {
  return problemWords(negotiateLanguage(acceptLanguage(environment) ?? undefined));
}
