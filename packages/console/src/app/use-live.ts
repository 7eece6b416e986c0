import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { followServer } from "#api/events.ts";
import { readyQuery } from "#api/system.ts";
import { Freshener, staleBy } from "#app/freshen.ts";
import { tellOfRun } from "#app/run-news.ts";

/**
 * Keeps what the pages show up to date, by one stream for the tab. A tab that nobody sees has none: browsers open few connections to a
 * server, and what it shows is asked for anew when it is looked at again.
 */
export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const freshener = new Freshener(queries);
    const follow = () => {
      let isBroken = false;
      return followServer((kind, told) => {
        if (kind === "lost") void queries.invalidateQueries({ queryKey: readyQuery.queryKey });
        // What is asked then tells why: the session may have ended.
        else if (kind === "reload" || kind === "refused" || (kind === "connected" && isBroken)) {
          tellOfRun(null);
          freshener.all();
        } else if (kind === "connected") freshener.goingOn();
        else {
          if (kind === "run") tellOfRun(told.id ?? null);
          for (const stale of staleBy(kind, told)) freshener.note(stale);
        }
        if (kind === "connected" || kind === "lost" || kind === "refused") isBroken = kind !== "connected";
      });
    };
    let stop: (() => void) | null = document.hidden ? null : follow();
    const look = () => {
      if (document.hidden) {
        stop?.();
        stop = null;
      } else if (!stop) {
        stop = follow();
        freshener.all();
      }
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      stop?.();
      freshener.close();
    };
  }, [queries]);
}
