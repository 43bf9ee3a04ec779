/** How long things take in the real editor, in milliseconds, with all else that this machine does: to read, not to judge. */

/** Types into the filter of the table of models, letter by letter: the time of each key until its rows are laid out. */
export function filterTimes(view, words) {
  return view.locator("#filter").evaluate((filter, typed) => {
    const times = [];
    for (let length = 1; length <= typed.length; length += 1) {
      const begin = performance.now();
      filter.value = typed.slice(0, length);
      filter.dispatchEvent(new Event("input", { bubbles: true }));
      document.querySelector(".rows").getBoundingClientRect();
      times.push(performance.now() - begin);
    }
    return times;
  }, words);
}

/** Opens the picker: the time from its box to its first model, the list and its way from the server within. */
export async function pickerTime(page, open) {
  const time = page.evaluate(
    () =>
      new Promise((done) => {
        let begin;
        const look = () => {
          const widget = document.querySelector(".quick-input-widget");
          const isOurs = widget?.checkVisibility() && widget.textContent.includes("LiteLLM: Pick a Model") && !widget.querySelector("input").value;
          if (isOurs) begin ??= performance.now();
          if (isOurs && widget.querySelector(".monaco-list-row .codicon-star-empty")) done(performance.now() - begin);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await open();
  return time;
}

/** `median 3, most 9`. */
export function told(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1].toFixed(1)} ms, most ${sorted.at(-1).toFixed(1)} ms`;
}
