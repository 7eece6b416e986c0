import { deleting } from "#cli/delete-by-id";

export const run = deleting("/api/v1/alerts");
