import { CircleCheck, CircleX, Clock } from "lucide-react";
import type { DeliveryRow } from "#api/webhooks.ts";
import { useText } from "#parts/delivery/text.ts";
import { useFormat } from "#text/format.ts";

/** So many attempts stand in a row; those before them are in its details. */
const SHOWN = 4;

/** The last attempts of a delivery, each with what came of it, and when the next is due. */
export function Ladder({ of: { attemptCount, lastAttempts = [], nextAttemptAt } }: { of: DeliveryRow }) {
  const t = useText();
  const format = useFormat();
  const shown = lastAttempts.slice(-SHOWN);
  return (
    <ol aria-label={t("attempts")} className="flex flex-wrap gap-x-3 gap-y-0.5 text-sm max-sm:justify-end">
      {attemptCount > shown.length && <li className="text-quiet">+{format.number(attemptCount - shown.length)}</li>}
      {shown.map(({ number, status, errorType, startedAt, durationMs }) => {
        const good = status !== undefined && status >= 200 && status < 300;
        const Icon = good ? CircleCheck : CircleX;
        const took = t("attempt.took", { duration: format.duration(durationMs) });
        return (
          <li
            key={number}
            title={`${t("attempt.title", { number })} · ${format.time(startedAt)} · ${took}`}
            className="inline-flex items-center gap-1 whitespace-nowrap"
          >
            <span className="text-quiet">{format.number(number)}</span>
            <Icon size={13} aria-hidden="true" className={good ? "text-good" : "text-bad"} />
            <span className={good ? "text-good" : "text-bad"}>{status ?? errorType}</span>
          </li>
        );
      })}
      {nextAttemptAt !== undefined && (
        <li title={format.time(nextAttemptAt)} className="inline-flex items-center gap-1 whitespace-nowrap text-quiet">
          <Clock size={13} aria-hidden="true" />
          {t("attempt.next", { when: format.relative(nextAttemptAt, Date.now()) })}
        </li>
      )}
    </ol>
  );
}
