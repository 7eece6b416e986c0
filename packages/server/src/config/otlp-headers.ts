const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;

const VALUE = /^[\t\x20-\x7e]*$/;

/** Reads `name=value,other=value`, values percent-encoded, the form of the OpenTelemetry specification; null where it is not that. */
export function parseOtlpHeaders(text: string): (readonly [name: string, value: string])[] | null {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  try {
    const headers = pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, Math.max(0, at)).trim(), decodeURIComponent(pair.slice(at + 1).trim())] as const;
    });
    return headers.every(([name, value]) => NAME.test(name) && VALUE.test(value)) ? headers : null;
  } catch {
    return null;
  }
}
