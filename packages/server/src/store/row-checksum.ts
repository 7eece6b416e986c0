import { crc32 } from "node:zlib";

/**
 * Guards a row against damage of the medium, which a database page does not notice by itself: any changed bit of any value changes it.
 * It is no protection against people; journals, which are the truth, are chained by SHA-256.
 */
export function rowChecksum(values: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(values));
}
