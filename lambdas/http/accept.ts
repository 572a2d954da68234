/**
 * Chooses by `Accept` (RFC 9110, section 12.5.1). The first option is what a caller gets who names none of them; it
 * also wins where weights are equal.
 */
export function chooseByAccept<T extends { readonly contentType: string }>(
  header: string | undefined,
  options: readonly [T, ...T[]],
): T {
  const ranges = (header ?? '*/*').split(',', RANGES_MAX).map(parseRange);
  let best = { option: options[0], quality: 0 };
  for (const option of options) {
    const quality = qualityOf(option.contentType, ranges);
    if (quality > best.quality) best = { option, quality };
  }
  return best.option;
}

const RANGES_MAX = 20;
type Range = { readonly type: string; readonly quality: number };

function parseRange(range: string): Range {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { type, quality: weight >= 0 && weight <= 1 ? weight : 0 };
}

/** The most specific range that matches decides. */
function qualityOf(contentType: string, ranges: readonly Range[]): number {
  const essence = contentType.split(';')[0] ?? '';
  for (const pattern of [essence, `${essence.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find(({ type }) => type === pattern);
    if (range) return range.quality;
  }
  return 0;
}
