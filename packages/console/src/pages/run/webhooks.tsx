import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { deliveriesQuery } from "#api/webhooks.ts";
import { useText } from "#pages/run/text.ts";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

/** Deliveries of this run; what was sent and answered is on the page of webhooks. */
export function RunWebhooks({ id }: { id: string }) {
  const t = useText();
  const { data, error } = useInfiniteQuery(deliveriesQuery({ run: id }));
  if (error) return <ErrorNotice error={error} />;
  if (!data) return <Skeleton rows={2} />;
  if (data.length === 0) return <p className="text-quiet">{t("webhooks.none")}</p>;
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
      {data.map(({ id: delivery, method, url, state, attemptCount }) => (
        <li key={delivery} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
          <Link to="/webhooks" search={{ delivery }} className="min-w-0 grow [overflow-wrap:anywhere] text-accent hover:underline">
            {method} {url}
          </Link>
          <code className="text-sm">{state}</code>
          <span className="text-sm text-quiet">{t("webhooks.attempts", { count: attemptCount })}</span>
        </li>
      ))}
    </ul>
  );
}
