/** How long things take in the real editor, in milliseconds, with all else that this machine does: to read, not to judge. */

/** Types into a filter, letter by letter: the time of each key until what it leaves is laid out in `list`. */
export function filterTimes(filter, list, words) {
  return filter.evaluate(
    (filter, { list, words }) => {
      const times = [];
      for (let length = 1; length <= words.length; length += 1) {
        const begin = performance.now();
        filter.value = words.slice(0, length);
        filter.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector(list).getBoundingClientRect();
        times.push(performance.now() - begin);
      }
      return times;
    },
    { list, words },
  );
}

/**
 * Opens the picker: the time from its box to its first model, and how long after that the window is busy with the rest.
 * The list and its way from the server are within.
 */
export async function pickerTimes(page, open) {
  const times = page.evaluate(
    () =>
      new Promise((done) => {
        let begin;
        let drawn;
        let last;
        let busy;
        let calm = 0;
        const look = () => {
          const now = performance.now();
          const widget = document.querySelector(".quick-input-widget");
          const isOurs = widget?.checkVisibility() && widget.textContent.includes("LiteLLM: Pick a Model") && !widget.querySelector("input").value;
          if (isOurs) begin ??= now;
          if (isOurs && widget.querySelector(".monaco-list-row .codicon-star-empty")) drawn ??= now;
          // The end of the last gap between frames, until two dozen came without one: then nothing more is done.
          const gap = last !== undefined && now - last > 34;
          if (drawn !== undefined) {
            calm = gap ? 0 : calm + 1;
            if (gap) busy = now;
          }
          last = now;
          if (calm === 24) return done({ first: drawn - begin, rest: Math.max(0, (busy ?? drawn) - drawn) });
          requestAnimationFrame(look);
        };
        look();
      }),
  );
  await open();
  return times;
}

/** `median 3, most 9`. */
export function told(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1].toFixed(1)}, most ${sorted.at(-1).toFixed(1)}`;
}
