import { type AlertKind, factsOf } from "#pages/alerts/kinds.ts";
import { useText } from "#pages/alerts/text.ts";
import { useFormat } from "#text/format.ts";

/** A rule as a sentence needs it: what the server answers, and what a form has so far. */
export interface Sentenced {
  readonly kind: AlertKind;
  /** Of the workflow or budget; null: all of them. */
  readonly of: string | null;
  readonly threshold: number | undefined;
  readonly windowS: number | undefined;
}

/** What rules and their figures are called, in the language of the page. */
export function useSentences() {
  const t = useText();
  const format = useFormat();
  const span = (seconds: number) =>
    seconds >= 86_400 && seconds % 86_400 === 0 ? t("days", { count: seconds / 86_400 }) : format.duration(seconds * 1_000);
  /** A figure in the unit of the kind. */
  const figure = (kind: AlertKind, value: number): string => {
    switch (factsOf(kind).unit) {
      case "percent":
        return format.percent(value / 100);
      case "ms":
        return format.duration(value);
      case "times":
        return t("unit.times", { count: format.number(Math.round(value * 100) / 100) });
      case "credits":
        return t("unit.credits", { count: format.credits(value) });
      default:
        return format.number(value);
    }
  };
  const when = ({ kind, of, threshold, windowS }: Sentenced): string =>
    t(`when.${kind}`, {
      of: of === null ? t(kind === "budget" ? "of.budget" : "of.all") : t("of.one", { name: of }),
      threshold: threshold === undefined || Number.isNaN(threshold) ? "…" : figure(kind, threshold),
      window: windowS === undefined ? "" : span(windowS),
    });
  return { span, figure, when };
}
