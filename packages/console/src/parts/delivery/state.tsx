import { Ban, CircleCheck, CircleX, Clock, Hourglass } from "lucide-react";
import type { DeliveryRow } from "#api/webhooks.ts";
import { useText } from "#parts/delivery/text.ts";
import { classes } from "#ui/classes.ts";

const LOOKS = {
  waiting: { icon: Hourglass, tone: "bg-quiet-soft text-quiet" },
  due: { icon: Clock, tone: "bg-busy-soft text-busy" },
  delivered: { icon: CircleCheck, tone: "bg-good-soft text-good" },
  failed: { icon: CircleX, tone: "bg-bad-soft text-bad" },
  disabled: { icon: Ban, tone: "bg-quiet-soft text-quiet" },
} as const satisfies Record<DeliveryRow["state"], unknown>;

export function DeliveryState({ state }: { state: DeliveryRow["state"] }) {
  const t = useText();
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <span className={classes("inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-sm font-medium whitespace-nowrap", tone)}>
      <Icon size={14} aria-hidden="true" />
      {t(`state.${state}`)}
    </span>
  );
}
