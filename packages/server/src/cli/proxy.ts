/** HTTP_PROXY and its like, in either case. */
function proxyIn(environment: NodeJS.ProcessEnv): boolean {
  return ["http_proxy", "https_proxy"].some((name) => (environment[name] ?? environment[name.toUpperCase()] ?? "") !== "");
}

/** `fetch`, through the proxy that the environment names. This machine itself is never reached through one. */
export async function fetchThroughProxy(url: string, init: RequestInit, environment: NodeJS.ProcessEnv): Promise<Response> {
  if (!proxyIn(environment) || /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])([:/]|$)/.test(url)) return fetch(url, init);
  const { EnvHttpProxyAgent, fetch: fetchWith } = (await import("undici")).default;
  const answer = await fetchWith(url, { ...(init as object), dispatcher: new EnvHttpProxyAgent() });
  return answer as unknown as Response;
}
