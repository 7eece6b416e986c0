import type { WebhookTarget } from "#store/webhook-store";

/** The URL without its query: one receiver gets many queries. */
export function endpointUrl(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

/** What may be slow without delaying anything else: the calls of one workflow to one origin, whatever path and query each has. */
export function laneOf(workflowId: string, { url }: Pick<WebhookTarget, "url">): string {
  const origin = URL.canParse(url) ? new URL(url).origin : "null";
  // Of what is no address of the web (mailto:) it is "null".
  return `${workflowId} ${origin === "null" ? endpointUrl(url) : origin}`;
}

/** The receiver of a lane, which other workflows may call too. */
export function originOf(lane: string): string {
  return lane.slice(lane.indexOf(" ") + 1);
}
