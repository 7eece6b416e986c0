import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useText } from "#app/text.ts";
import { classes } from "#ui/classes.ts";

interface Crumb {
  readonly label: string;
  /** Absent for the page itself. */
  readonly to?: string;
}

/** Where one is: the pages above this one, in the bar at the top. A phone has room for those; the page has its heading. */
export function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const t = useText();
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => setPlace(document.getElementById("crumbs")), []);
  if (!place) return null;
  return createPortal(
    <nav aria-label={t("crumbs")}>
      <ol className="flex min-w-0 items-center gap-1 text-sm">
        {crumbs.map(({ label, to }, n) => (
          <li
            key={label}
            className={classes("flex items-center gap-1", to === undefined ? "min-w-0 max-sm:sr-only" : "max-w-[40vw] shrink-0")}
          >
            {n > 0 && <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-quiet" />}
            {to === undefined ? (
              <span aria-current="page" className="truncate">
                {label}
              </span>
            ) : (
              <Link to={to} className="truncate text-quiet hover:text-text">
                {label}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>,
    place,
  );
}
