import { useInfiniteQuery } from "@tanstack/react-query";
import { journalQuery, type RunDetail } from "#api/runs.ts";
import { useText } from "#pages/run/text.ts";
import { JsonView } from "#ui/json-view.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

/** The run as the API gives it, and the journal that everything shown here is folded from. */
export function Raw({ run }: { run: RunDetail }) {
  const t = useText();
  const journal = useInfiniteQuery(journalQuery(run.id));
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <section className="flex min-w-0 flex-col gap-1.5">
        <h2 className="font-semibold">{t("json")}</h2>
        <JsonView value={run} label={run.id} />
      </section>
      <section className="flex min-w-0 flex-col gap-1.5">
        <h2 className="font-semibold">{t("raw.journal")}</h2>
        {journal.error && <ErrorNotice error={journal.error} />}
        {journal.data ? <JsonView value={journal.data} label={`${run.id} ${t("raw.journal")}`} /> : <Skeleton rows={4} />}
        <More pages={journal} />
      </section>
    </div>
  );
}
