import type { RunDetail } from "#api/runs.ts";
import { useText } from "#pages/run/text.ts";
import { useFormat } from "#text/format.ts";
import { CopyButton } from "#ui/copy.tsx";
import { StatusBadge, statusOf } from "#ui/status.tsx";

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
    <p className="flex items-center gap-1 font-mono text-sm text-quiet">
      <span className="[overflow-wrap:anywhere]">{id}</span>
      <CopyButton text={id} />
    </p>
  );
}

/** Times and costs. */
export function RunFacts({ run }: { run: RunDetail }) {
  const t = useText();
  const format = useFormat();
  const facts = [
    t("accepted", { time: format.time(run.acceptedAt) }),
    run.userId === undefined ? null : t("user", { id: run.userId }),
    run.startedAt === undefined ? null : t("queued", { time: format.duration(run.startedAt - run.acceptedAt) }),
    run.executionMs === undefined ? null : t("ran", { time: format.duration(run.executionMs) }),
    run.tokens === undefined ? null : t("tokens", { count: run.tokens }),
    run.credits === undefined ? null : t("credits", { amount: format.credits(run.credits) }),
  ];
  return facts.filter((fact) => fact !== null).map((fact) => <span key={fact}>{fact}</span>);
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
