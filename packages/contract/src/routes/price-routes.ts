import * as P from "#prices";
import type { Route } from "#routes/route";

const own = { models: "local/*", price: { input: "0", output: "0" }, updatedAt: 1790000000000 };
const prices = { mark: "own", auth: "key:admin", tag: "Prices" } as const;

export const PRICE_ROUTES = [
  {
    ...prices,
    id: "listPrices",
    permission: "view",
    method: "GET",
    path: "/api/v1/prices",
    summary: "List what models cost",
    description: "The prices that were set here, by the names of their models; or those that ship for a vendor.",
    query: P.PriceQuery,
    responses: { 200: { description: "All of them.", schema: P.PriceList, examples: { own: { data: [own] } } } },
    errors: [],
  },
  {
    ...prices,
    id: "putPrice",
    permission: "administer",
    method: "PUT",
    path: "/api/v1/prices/{models}",
    summary: "Set what a model costs, or all that a pattern names",
    description:
      "It holds from the next request on, before the price that ships. Of several that fit, the one that says most of the name does.",
    body: { schema: P.PutPriceBody, examples: { free: { price: { input: "0", output: "0" } } } },
    responses: { 200: { description: "It is kept.", schema: P.PriceView, examples: { kept: own } } },
    errors: ["conflict"],
  },
  {
    ...prices,
    id: "deletePrice",
    permission: "administer",
    method: "DELETE",
    path: "/api/v1/prices/{models}",
    summary: "Delete a price that was set here",
    description: "The price that ships holds again, if there is one.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
