import type { RunContents } from "#store/store";

/** The URL of a GET: what it has stays byte for byte, and the run is named behind it. */
export function withRun(url: string, run: RunContents): string {
  return url + joint(url) + runQuery(run);
}

/** What names the run behind the URL of a GET. */
export function runQuery(run: RunContents): string {
  const pairs = [
    ["workflowRunId", run.id],
    ["workflowId", run.workflowId],
    ["workflowVersion", run.version],
    ["status", run.status],
  ] as const;
  return pairs.map(([name, value]) => `${name}=${encode(value)}`).join("&");
}

function joint(url: string): string {
  const query = url.indexOf("?");
  if (query < 0) return "?";
  return query === url.length - 1 || url.endsWith("&") ? "" : "&";
}

/** Only what RFC 3986 calls unreserved stays as it is. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
