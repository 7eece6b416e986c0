import type { HomeView, TemplateAnswer, TemplateList, TemplateView } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";

export const homeQuery = queryOptions({ queryKey: ["home"], queryFn: ({ signal }) => call<HomeView>("/api/v1/home", { signal }) });

/** They come with the server: they change when it does. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async ({ signal }) => (await call<TemplateList>("/api/v1/templates", { signal })).data,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Makes its workflow, published and under a free name, with all that belongs to it. */
export const makeFromTemplate = (template: string) => call<TemplateAnswer>(path("api", "v1", "templates", template), { method: "POST" });

export type { HomeView, TemplateView };
