import type { RunDetail } from "#api/runs.ts";
import { useText } from "#pages/run/text.ts";
import { useFormat } from "#text/format.ts";
import { CopyButton } from "#ui/copy.tsx";
import { StatusBadge, statusOf } from "#ui/status.tsx";
import { useText as useStatusText } from "#ui/text.ts";

// What the head of a run says to whoever sees it, member or not.

export function RunTitle({ run }: { run: RunDetail }) {
  return (
    <h1 className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-lg font-semibold">
      <StatusBadge status={statusOf(run)} />
      <span className="[overflow-wrap:anywhere]">
        {run.workflowName} <span className="font-normal text-quiet">{run.version}</span>
      </span>
    </h1>
  );
}

export function RunId({ id }: { id: string }) {
  return (
    <p className="flex min-w-0 items-center gap-1 font-mono text-sm text-quiet">
      <span className="[overflow-wrap:anywhere]">{id}</span>
      <CopyButton text={id} />
    </p>
  );
}

/** Times and costs. */
export function RunFacts({ run }: { run: RunDetail }) {
  const t = useText();
  const format = useFormat();
  const words = useStatusText();
  const { input, output } = tokensOf(run.nodes);
  const tokens =
    // Beside a sum that they are no parts of, they would only confuse.
    run.tokens !== 0 && input + output === run.tokens
      ? t("tokens.ways", { count: run.tokens, input: format.number(input), output: format.number(output) })
      : t("tokens", { count: run.tokens ?? 0 });
  const facts = [
    format.named(t("trigger"), words(`trigger.${run.trigger}`)),
    t("accepted", { time: format.time(run.acceptedAt) }),
    run.userId === undefined ? null : t("user", { id: run.userId }),
    run.key === undefined ? null : t("key", { key: [run.key.name, run.key.hint ?? run.key.id].filter(Boolean).join(" ") }),
    run.startedAt === undefined ? null : t("queued", { time: format.duration(run.startedAt - run.acceptedAt) }),
    run.executionMs === undefined ? null : t("ran", { time: format.duration(run.executionMs) }),
    run.tokens === undefined ? null : tokens,
    run.credits === undefined ? null : t("credits", { amount: format.credits(run.credits) }),
  ];
  return facts.filter((fact) => fact !== null).map((fact) => <span key={fact}>{fact}</span>);
}

/** Of all attempts of all nodes, with what the runs paid that they called. */
function tokensOf(nodes: RunDetail["nodes"]): { readonly input: number; readonly output: number } {
  const paid = nodes.flatMap(({ usage = [] }) => usage);
  const sum = (of: (one: (typeof paid)[number]) => number) => paid.reduce((all, one) => all + of(one), 0);
  return { input: sum(({ inputTokens }) => inputTokens), output: sum(({ outputTokens }) => outputTokens) };
}

export function RunFailure({ run: { error } }: { run: RunDetail }) {
  const t = useText();
  if (!error) return null;
  return (
    <p className="rounded-lg bg-bad-soft px-4 py-2.5 [overflow-wrap:anywhere]" role="alert">
      <a href={`/errors/${error.type}`} className="font-mono font-medium text-bad underline-offset-2 hover:underline">
        {error.type}
      </a>{" "}
      {error.message}
      {error.nodeName !== undefined && <span className="text-quiet"> · {t("failed.at", { node: error.nodeName })}</span>}
    </p>
  );
}
