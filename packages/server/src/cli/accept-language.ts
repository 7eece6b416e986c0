/** What the person reads, as the environment says it: of `ja_JP.UTF-8` it is `ja-JP`; null: it says nothing, or the plain `C`. */
export function acceptLanguage({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): string | null {
  const [tag = ""] = (LC_ALL || LC_MESSAGES || LANG || "").replaceAll("_", "-").split(/[.@]/);
  return /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : null;
}
