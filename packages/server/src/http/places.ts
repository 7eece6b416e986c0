/** Room for so many at once. */
export class Places {
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** False: every place is taken. */
  take(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  giveBack(): void {
    this.#free += 1;
  }
}
