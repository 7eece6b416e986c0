import type { ParamCheck } from "#flow/checks/param-check";
import { isBlank, objectOf, textOf } from "#flow/json";
import { quote } from "#flow/problems";

const INTERNAL_HOSTS: readonly RegExp[] = [
  /^localhost$/,
  /^0\.0\.0\.0$/,
  /^127(?:\.\d{1,3}){3}$/,
  /^10(?:\.\d{1,3}){3}$/,
  /^192\.168(?:\.\d{1,3}){2}$/,
  /^172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}$/,
  /^169\.254(?:\.\d{1,3}){2}$/,
  /^::1$/,
];

/**
 * The URL is there, and its host is none of the internal ones. Agrees with the vendor's own check, which sees neither bracketed
 * addresses nor user information; what a request really connects to is the egress guard's business, at run time.
 */
export function checkHttpUrl({ param, egress, report, warn }: ParamCheck): void {
  const url = objectOf(param["request"])["url"];
  if (isBlank(url)) {
    report("WF_HTTP_URL", ".request.url", "The request has no URL.");
    return;
  }
  const host = hostOf(textOf(url));
  if (host === null || !INTERNAL_HOSTS.some((internal) => internal.test(host))) return;
  const message = `The host ${quote(host)} is internal.`;
  if (egress(host)) warn("WF_HTTP_INTERNAL_IP", ".request.url", `${message} This server allows it; the vendor refuses it.`);
  else
    report(
      "WF_HTTP_INTERNAL_IP",
      ".request.url",
      `${message} Use a public one, or let the server's operator add it to MILLRACE_EGRESS_ALLOW.`,
    );
}

function hostOf(url: string): string | null {
  const authority = /^\s*[a-z][a-z0-9+.-]*:\/\/([^/?#\s]*)/i.exec(url)?.[1]?.toLowerCase();
  if (authority === undefined || authority.includes("@") || authority.startsWith("[")) return null;
  return authority === "::1" ? authority : authority.replace(/:\d*$/, "");
}
