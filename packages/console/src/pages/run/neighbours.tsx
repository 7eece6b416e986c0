import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useEffect } from "react";
import { runsQuery } from "#api/runs.ts";
import { useShortcuts } from "#app/shortcuts.ts";
import { useText } from "#pages/run/text.ts";
import { lastList } from "#parts/last-list.ts";
import { IconButton } from "#ui/button.tsx";

const route = getRouteApi("/inside/runs/$run");

/** To the run before and after this one in the list that it was opened from; `j` and `k` go the same ways. */
export function Neighbours({ id }: { id: string }) {
  const t = useText();
  const navigate = route.useNavigate();
  const { data: runs = [], hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(runsQuery(lastList.get()));
  const place = runs.findIndex((run) => run.id === id);
  const isLast = place >= 0 && place === runs.length - 1;
  useEffect(() => {
    if (isLast && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isLast, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const [previous, next] = place < 0 ? [] : [runs[place - 1], runs[place + 1]];
  const go = (run: { readonly id: string } | undefined) => {
    // The part that is looked at stays; what was chosen in it is of the run that is left.
    if (run) void navigate({ params: { run: run.id }, search: ({ tab }) => ({ tab }) });
  };
  useShortcuts({ "runs.next": () => go(next), "runs.previous": () => go(previous) });
  if (!previous && !next) return null;
  return (
    <span className="flex items-center">
      <IconButton size="small" icon={ChevronUp} label={t("previous")} disabled={!previous} onClick={() => go(previous)} />
      <IconButton size="small" icon={ChevronDown} label={t("next")} disabled={!next} onClick={() => go(next)} />
    </span>
  );
}
