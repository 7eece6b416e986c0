import { Link } from "@tanstack/react-router";
import { CircleDot } from "lucide-react";
import type { HomeView } from "#api/home.ts";
import { useText } from "#pages/home/text.ts";
import { useFormat } from "#text/format.ts";
import { Card } from "#ui/page.tsx";

/** Workflows that were edited last, and whether their drafts are ahead of what callers reach. */
export function Recent({ workflows }: { workflows: HomeView["recent"] }) {
  const t = useText();
  const format = useFormat();
  return (
    <Card title={t("recent")}>
      {workflows.length === 0 && <p className="text-quiet">{t("recent.none")}</p>}
      <ul className="-mx-2 flex flex-col gap-1">
        {workflows.map(({ id, name, updatedAt, liveVersion, differs }) => (
          <li key={id}>
            <Link
              to="/workflows/$workflow/edit"
              params={{ workflow: id }}
              className="flex items-baseline gap-3 rounded-md px-2 py-1.5 hover:bg-raised touch-target"
            >
              <span className="min-w-0 grow truncate font-medium">{name}</span>
              {differs && (
                <span className="inline-flex items-center gap-1 self-center text-sm whitespace-nowrap text-wait">
                  <CircleDot size={13} aria-hidden="true" />
                  {t("recent.differs")}
                </span>
              )}
              <span className="text-sm whitespace-nowrap text-quiet">{liveVersion ?? t("recent.unpublished")}</span>
              <span className="text-sm whitespace-nowrap text-quiet max-sm:hidden">{format.relative(updatedAt, Date.now())}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
