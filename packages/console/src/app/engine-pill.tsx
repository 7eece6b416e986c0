import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleX, type LucideIcon, TriangleAlert } from "lucide-react";
import { readyQuery, versionOfServerQuery } from "#api/system.ts";
import { useText } from "#app/text.ts";
import { classes } from "#ui/classes.ts";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: string;
  readonly word: string;
}

/** Does the server take runs, and can it be reached; opens System. */
export function EnginePill() {
  const t = useText();
  const { data: ready, error } = useQuery(readyQuery);
  const engine = useQuery(versionOfServerQuery).data?.engine;
  const looks = (): Look | null => {
    if (error) return { icon: CircleX, tone: "bg-bad-soft text-bad", word: t("engine.offline") };
    if (!ready) return null;
    if (ready.message !== null) return { icon: TriangleAlert, tone: "bg-wait-soft text-wait", word: t("engine.unready") };
    return { icon: CircleCheck, tone: "bg-good-soft text-good", word: engine ?? t("engine.ready") };
  };
  const look = looks();
  if (!look) return null;
  const { icon: Icon, tone, word } = look;
  return (
    <Link to="/system" title={ready?.message ?? t("engine.title")} className="flex items-center justify-center rounded-full touch-target">
      <span className={classes("flex h-7 items-center gap-1.5 rounded-full px-2.5 text-sm font-medium whitespace-nowrap", tone)}>
        <Icon size={14} aria-hidden="true" className="shrink-0" />
        <span aria-live="polite" className={ready?.message === null ? "max-sm:sr-only" : undefined}>
          {word}
        </span>
        <span className="sr-only">{t("engine.title")}</span>
      </span>
    </Link>
  );
}
