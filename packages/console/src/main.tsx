import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { whoQuery } from "#api/session.ts";
import { takeTokenFromAddress } from "#app/address-token.ts";
import { createQueryClient } from "#app/query-client.ts";
import { createAppRouter } from "#app/router.tsx";
import { initialLanguage, loadCatalogue, TextProvider } from "#text/text.tsx";
import { ToastProvider } from "#ui/toast.tsx";
import "#styles.css";

takeTokenFromAddress();

// The texts come first: no page is seen in one language and then in another.
const language = initialLanguage();
document.documentElement.lang = language;
const catalogue = await loadCatalogue(language);
const queries = createQueryClient(sessionEnded);
const router = createAppRouter(queries);
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    {/* The policy allows no style elements: what they would say is in styles.css. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <TextProvider initial={{ language, catalogue }}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </TextProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);

/** Back to the sign-in, and from there to where one was. */
function sessionEnded(): void {
  if (!queries.getQueryData(whoQuery.queryKey)) return;
  queries.setQueryData(whoQuery.queryKey, null);
  void router.navigate({ to: "/login", search: { to: router.state.location.href, ended: true } });
}
