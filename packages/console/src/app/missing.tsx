import { Link, useLocation } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useText } from "#app/text.ts";
import { buttonClass } from "#ui/button.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

/** Stands in the place of the whole console, and so brings the landmark of its own. */
export function Missing() {
  const t = useText();
  const { pathname } = useLocation();
  return (
    <main>
      <Page title={t("missing.title")}>
        <Empty icon={Compass} title={t("missing.text", { path: pathname })}>
          <Link to="/" className={buttonClass("primary")}>
            {t("missing.home")}
          </Link>
        </Empty>
      </Page>
    </main>
  );
}

/** A page threw. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const t = useText();
  return (
    <main>
      <Page title={t("broken.title")}>
        <ErrorNotice error={error} onRetry={reset} />
      </Page>
    </main>
  );
}
