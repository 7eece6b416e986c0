import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "#app/query-client.ts";
import { createAppRouter } from "#app/router.tsx";
import { initialLanguage, loadCatalogue, TextProvider } from "#text/text.tsx";
import { ToastProvider } from "#ui/toast.tsx";
import "#styles.css";

// The texts come first: no page is seen in one language and then in another.
const language = initialLanguage();
document.documentElement.lang = language;
const catalogue = await loadCatalogue(language);
const queries = createQueryClient();
const router = createAppRouter(queries);
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <TextProvider initial={{ language, catalogue }}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </TextProvider>
    </QueryClientProvider>
  </StrictMode>,
);
