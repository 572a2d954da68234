/** Between two lines: often enough to see that it goes on. */
const EVERY_MILLISECONDS = 5_000;

/** Percentage, rows and an estimate, as lines that also a log can hold. */
export function progress(total: number, say: (line: string) => void, now: () => number = Date.now) {
  const begun = now();
  let [written, told] = [0, begun];
  const line = () => {
    const seconds = (now() - begun) / 1000;
    const left = written === 0 ? '…' : `${Math.ceil((seconds / written) * (total - written))} s left`;
    return `${String(Math.floor((100 * written) / total)).padStart(3)} %  ${written} of ${total} rows  ${left}`;
  };
  return {
    add(rows: number) {
      written += rows;
      if (now() - told < EVERY_MILLISECONDS && written < total) return;
      told = now();
      say(line());
    },
    /** Rows and seconds. */
    get so() {
      return { rows: written, seconds: (now() - begun) / 1000 };
    },
  };
}
