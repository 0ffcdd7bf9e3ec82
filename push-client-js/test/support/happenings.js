/** Something that tests wait for: each time it changes, who waits looks whether it is as they want it. */
export class Happenings {
  #waiting = new Set();

  happened() {
    for (const look of [...this.#waiting]) {
      look();
    }
  }

  /**
   * Resolves as soon as the condition holds. A test that waits in vain is ended by its time limit and says what it waited for.
   *
   * @param {() => unknown} condition
   */
  until(condition) {
    return new Promise((resolve, reject) => {
      const look = () => {
        try {
          if (condition()) {
            this.#waiting.delete(look);
            clearTimeout(timer);
            resolve();
          }
        } catch (thrown) {
          reject(thrown);
        }
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain for ${condition}; ${this.describe()}`));
      }, 20_000);
      this.#waiting.add(look);
      look();
    });
  }

  describe() {
    return '';
  }
}
