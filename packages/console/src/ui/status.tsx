import { Ban, CircleCheck, CircleDashed, CircleSlash, CircleX, Hourglass, LoaderCircle, type LucideIcon, RotateCw } from "lucide-react";
import { classes } from "#ui/classes.ts";
import { useText } from "#ui/text.ts";

/** The wire's words, and those that the console adds to tell waiting, cancelled, skipped and retrying apart. */
export type Status = "PENDING" | "RUNNING" | "SUCCEED" | "FAILED" | "WAITING" | "CANCELLED" | "SKIPPED" | "RETRYING";

const LOOKS: Readonly<Record<Status, { readonly icon: LucideIcon; readonly tone: string }>> = {
  PENDING: { icon: CircleDashed, tone: "text-quiet bg-quiet-soft" },
  RUNNING: { icon: LoaderCircle, tone: "text-busy bg-busy-soft" },
  SUCCEED: { icon: CircleCheck, tone: "text-good bg-good-soft" },
  FAILED: { icon: CircleX, tone: "text-bad bg-bad-soft" },
  WAITING: { icon: Hourglass, tone: "text-wait bg-wait-soft" },
  CANCELLED: { icon: Ban, tone: "text-quiet bg-quiet-soft" },
  SKIPPED: { icon: CircleSlash, tone: "text-quiet bg-quiet-soft" },
  RETRYING: { icon: RotateCw, tone: "text-wait bg-wait-soft" },
};

interface RunLike {
  readonly status: string;
  readonly waitingFor?: unknown;
  readonly error?: { readonly type?: string } | null | undefined;
  /** In lists, in place of the error. */
  readonly errorType?: string | undefined;
}

/** What a run's status is called here: waiting is RUNNING with `waitingFor`, cancelled is FAILED with that error. */
export function statusOf(run: RunLike): Status {
  if (run.status === "RUNNING" && run.waitingFor !== undefined && run.waitingFor !== null) return "WAITING";
  if (run.status === "FAILED" && (run.error?.type ?? run.errorType) === "cancelled") return "CANCELLED";
  return run.status in LOOKS ? (run.status as Status) : "PENDING";
}

/** Icon and word: never colour alone. */
export function StatusBadge({ status, className }: { status: Status; className?: string }) {
  const t = useText();
  const { icon: Icon, tone } = LOOKS[status];
  const turning = status === "RUNNING" || status === "RETRYING";
  return (
    <span
      className={classes("inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-sm font-medium whitespace-nowrap", tone, className)}
    >
      <Icon size={14} aria-hidden="true" className={turning ? "animate-spin" : undefined} />
      {t(`status.${status}`)}
    </span>
  );
}

export function StatusIcon({ status, size = 14 }: { status: Status; size?: number }) {
  const { icon: Icon, tone } = LOOKS[status];
  return (
    <Icon size={size} aria-hidden="true" className={classes("shrink-0", tone.split(" ")[0], status === "RUNNING" && "animate-spin")} />
  );
}
