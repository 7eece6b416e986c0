import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { deliveriesQuery } from "#api/webhooks.ts";
import { useText } from "#pages/run/text.ts";
import { Ladder } from "#parts/delivery/ladder.tsx";
import { DeliveryState } from "#parts/delivery/state.tsx";
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
      {data.map((delivery) => (
        <li key={delivery.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
          <DeliveryState state={delivery.state} />
          <Link
            to="/webhooks"
            search={{ delivery: delivery.id }}
            className="min-w-0 grow [overflow-wrap:anywhere] text-accent hover:underline"
          >
            {delivery.method} {delivery.url}
          </Link>
          <Ladder of={delivery} />
        </li>
      ))}
    </ul>
  );
}
