import { ALERT_KIND_FACTS, type AlertUnit, type Language } from "@millrace/contract";
import en, { type AlertTexts } from "#alerts/texts/en";
import ja from "#alerts/texts/ja";
import zhCN from "#alerts/texts/zh-CN";
import zhTW from "#alerts/texts/zh-TW";
import type { AlertEventRow, AlertRow } from "#store/alert-store";

const TEXTS: { readonly [L in Language]: AlertTexts } = { en, "zh-CN": zhCN, "zh-TW": zhTW, ja };

/** One sentence for people, in the language of the rule: who reads it at the other end is not known here. */
export function sentenceOf(alert: AlertRow, workflowName: string | null, told: Pick<AlertEventRow, "type" | "figure">): string {
  const texts = TEXTS[alert.language];
  const of = subjectOf(alert, workflowName);
  const sentence =
    told.figure === null ? fill(texts.nothing, { kind: texts.kinds[alert.kind], of }) : figureSentence(alert, texts, of, told.figure);
  return told.type === "recovered" ? fill(texts.recovered, { sentence }) : sentence;
}

export function testSentence(alert: AlertRow, workflowName: string | null): string {
  const texts = TEXTS[alert.language];
  const of = subjectOf(alert, workflowName);
  const name = alert.name === "" ? fill(texts.unnamed, { kind: texts.kinds[alert.kind], of }) : fill(texts.named, { name: alert.name });
  return fill(texts.test, { name });
}

function figureSentence(alert: AlertRow, texts: AlertTexts, of: string, figure: number): string {
  const { kind, threshold, windowMs } = alert;
  const { compares, unit } = ALERT_KIND_FACTS[kind];
  const window = duration(texts, windowMs ?? 0);
  const said = fill(texts.said[kind], { of, window, figure: quantity(texts, figure, unit) });
  const bound = fill(texts.bound[compares], { bound: compares === "window" ? window : quantity(texts, threshold ?? 0, unit) });
  // "all workflows" may begin the sentence; the name of a workflow stays as it is.
  const begun = alert.workflowId === null && said.startsWith(of) ? said[0]?.toUpperCase() + said.slice(1) : said;
  return fill(texts.sentence, { said: begun, bound });
}

function subjectOf({ language, workflowId }: AlertRow, workflowName: string | null): string {
  const { all, workflow } = TEXTS[language];
  return workflowId === null ? all : (workflowName ?? fill(workflow, { id: workflowId }));
}

function quantity(texts: AlertTexts, figure: number, unit: AlertUnit): string {
  const count = String(Math.round(figure * 100) / 100);
  if (unit === "ms") return duration(texts, figure);
  if (unit === "deliveries") return count;
  return fill(unit === "runs" && figure === 1 ? texts.units.run : texts.units[unit], { count });
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** In the largest unit that it has two of, or exactly one. */
function duration(texts: AlertTexts, ms: number): string {
  const [size, unit] = UNITS.find(([size]) => ms === size || ms >= 2 * size) ?? ([1, "ms"] as const);
  return fill(texts.spans[unit], { count: String(Math.round((ms / size) * 10) / 10) });
}

/** What is filled in is not looked at again: the name of a workflow may have braces. */
function fill(text: string, values: { readonly [name: string]: string }): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
