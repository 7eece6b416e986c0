/** A value that is here already, or a promise of it. The hot path waits for nothing that it has. */
export type Soon<T> = T | Promise<T>;

/** `next` of the value: at once where it is here. */
export function soon<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
