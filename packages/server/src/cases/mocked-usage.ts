import { MODEL_PROVIDERS, type Mock } from "@millrace/contract";
import type { Usage } from "@millrace/engine";
import { costOf } from "#credits/cost";
import type { OpenRateCard } from "#credits/rate-card";

/** What the answer of a mocked model costs: as it says, else as the rate card that ships says of the model, where its connection is named as its provider. */
export function mockedUsage(card: OpenRateCard, name: string | null, tokens: Mock["tokens"]): readonly Usage[] {
  if (!tokens) return [];
  const row = { kind: "chat" as const, inputTokens: tokens.in ?? 0, outputTokens: tokens.out ?? 0 };
  const named = name === null ? row : { ...row, model: name };
  if (tokens.credits !== undefined) return [{ ...named, credits: tokens.credits }];
  const [connection = "", ...model] = (name ?? "").split("/");
  const providers: { readonly [name: string]: { readonly vendor: string | null } } = MODEL_PROVIDERS;
  const price = card.find({ connection, model: model.join("/"), vendor: providers[connection]?.vendor ?? null }, row.inputTokens);
  return [{ ...named, credits: price ? costOf(row, price) : "0", ...(price && { price: { ...price } }) }];
}
