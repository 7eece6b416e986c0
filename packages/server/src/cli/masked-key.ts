/** `mr_9hK…4f2x`. */
export function maskedKey(key: string): string {
  return key.length > 12 ? `${key.slice(0, 6)}…${key.slice(-4)}` : "***";
}
