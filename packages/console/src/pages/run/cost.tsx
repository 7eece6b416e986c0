import type { NodeTrace, PaidRequest } from "@millrace/contract";
import { formulaOf } from "#pages/run/formula.ts";
import { useText } from "#pages/run/text.ts";
import { useFormat } from "#text/format.ts";

/** Prices are of so many tokens. */
const PRICED_TOKENS = 1_000_000;

/** Each request that the node paid for: its model, its tokens, and how its credits come about. */
export function Cost({ trace: { usage = [] } }: { trace: NodeTrace }) {
  const t = useText();
  if (usage.length === 0) return null;
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-sm font-medium">{t("node.paid")}</h3>
      <ol className="flex flex-col gap-2">
        {usage.map((paid, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: requests have no name but their place
          <Paid key={index} paid={paid} />
        ))}
      </ol>
    </section>
  );
}

function Paid({ paid }: { paid: PaidRequest }) {
  const t = useText();
  const format = useFormat();
  const { attempt, kind, model, inputTokens, outputTokens, cachedTokens = 0, firstTokenMs, credits } = paid;
  const terms = formulaOf(paid).map(({ tokens, price }) => `${format.number(tokens)} × ${format.credits(price)}`);
  return (
    <li className="rounded-md border border-line px-3 py-2 text-sm">
      <p className="flex flex-wrap gap-x-3">
        <code className="[overflow-wrap:anywhere]">{model ?? kind}</code>
        <span className="text-quiet">{t("node.attempt", { number: attempt })}</span>
      </p>
      <p className="text-quiet">
        {t("paid.tokens", { input: inputTokens, output: outputTokens })}
        {cachedTokens > 0 && ` · ${t("paid.cached", { count: cachedTokens })}`}
        {firstTokenMs !== undefined && ` · ${t("paid.first", { time: format.duration(firstTokenMs) })}`}
      </p>
      <p className="[overflow-wrap:anywhere]">
        {terms.length > 0 && (
          <span className="text-quiet">
            ({terms.join(" + ")}) ÷ {format.number(PRICED_TOKENS)} ={" "}
          </span>
        )}
        {t("credits", { amount: format.credits(credits) })}
      </p>
    </li>
  );
}
