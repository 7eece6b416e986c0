import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { type HomeView, homeQuery } from "#api/home.ts";
import { useDismissed } from "#pages/home/dismissed.ts";
import { Failures } from "#pages/home/failures.tsx";
import { LastDay } from "#pages/home/last-day.tsx";
import { Needs } from "#pages/home/needs.tsx";
import { Recent } from "#pages/home/recent.tsx";
import { Steps } from "#pages/home/steps.tsx";
import { useText } from "#pages/home/text.ts";
import { TemplateCards } from "#parts/templates/cards.tsx";
import { Button } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Page } from "#ui/page.tsx";

/** On a fresh server the first steps lead; once they are done, or put away, what goes on is the page. */
export default function HomePage() {
  const t = useText();
  const { data: home, error, refetch } = useQuery(homeQuery);
  const [dismissed, dismiss] = useDismissed();
  const leads = home !== undefined && !dismissed && !Object.values(home.steps).every((done) => done);
  return (
    <Page
      title={t("title")}
      wide
      actions={
        dismissed && (
          <Button kind="quiet" icon={ListChecks} onClick={() => dismiss(false)}>
            {t("steps.show")}
          </Button>
        )
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!home && !error && <Skeleton />}
      {home && leads && (
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
          <div className="flex min-w-0 flex-col gap-5">
            <Steps home={home} onDismiss={() => dismiss(true)} />
            <section className="flex flex-col gap-3">
              <h2 className="font-semibold">{t("templates")}</h2>
              <TemplateCards most={4} />
            </section>
          </div>
          <Overview home={home} className="flex flex-col gap-5" />
        </div>
      )}
      {home && !leads && <Overview home={home} className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2" />}
    </Page>
  );
}

function Overview({ home, className }: { home: HomeView; className: string }) {
  return (
    <div className={classes("min-w-0", className)}>
      {/* Each column is as long as what stands in it: no card waits for its neighbour. */}
      <div className="flex min-w-0 flex-col gap-5">
        <LastDay />
        <Needs />
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <Failures />
        <Recent workflows={home.recent} />
      </div>
    </div>
  );
}
