/** Languages of `title`, `message` and `detail`. */
export const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Ranges that are read from one Accept-Language header; browsers send fewer than ten. */
const RANGES_MAX = 32;

/** The best supported language of an `Accept-Language` header; English when nothing fits. */
export function negotiateLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined || acceptLanguage === "") return "en";
  let best: Language = "en";
  let bestQuality = 0;
  for (const range of acceptLanguage.split(",", RANGES_MAX)) {
    const [tag = "", ...parameters] = range.split(";").map((part) => part.trim());
    const language = languageOf(tag.toLowerCase());
    const quality = qualityOf(parameters);
    if (language === null || quality <= bestQuality) continue;
    best = language;
    bestQuality = quality;
  }
  return best;
}

function languageOf(tag: string): Language | null {
  const [primary, ...rest] = tag.split("-");
  if (primary === "en" || primary === "*") return "en";
  if (primary === "ja") return "ja";
  if (primary !== "zh") return null;
  if (rest.includes("hans")) return "zh-CN";
  return rest.some((part) => part === "hant" || part === "tw" || part === "hk" || part === "mo") ? "zh-TW" : "zh-CN";
}

/** `q` of a range: 1 when absent, 0 (not wanted) when it is no number from 0 to 1. */
function qualityOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.toLowerCase().startsWith("q="));
  if (given === undefined) return 1;
  const text = given.slice(2);
  const quality = text === "" ? Number.NaN : Number(text);
  return quality >= 0 && quality <= 1 ? quality : 0;
}
