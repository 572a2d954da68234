import { type Html, html } from '../../http/html.ts';
import { palettes } from '../../http/palette.ts';

/** What a chart shows, and says to whoever does not see it. */
export interface Chart {
  readonly title: string;
  readonly description: string;
  /** `value` absent: not shown, which is not the same as nothing. */
  readonly bars: readonly { readonly label: string; readonly value?: number }[];
  /** What stands behind a value: ` %`. */
  readonly unit?: string;
  /** Columns for what goes on in time, rows for what has names. */
  readonly as: 'columns' | 'rows';
}

/** Little wider than a phone, so that the text is little smaller there than it is here. */
const [WIDTH, FONT_SIZE] = [480, 16];
/** A name above its bar has the whole width, and the bar as well. */
const [VALUE_WIDTH, ROW_HEIGHT, BAR_HEIGHT] = [80, 52, 18];
const [COLUMNS_HEIGHT, AXIS_HEIGHT] = [220, 28];
const [COLUMN_LABELS_MAX, LABEL_WIDTH_MAX] = [7, 60];
const { deed } = palettes.light;

/**
 * A bar chart as SVG: no script, nothing loaded, words that a screen reader reads (WAI-ARIA Graphics: an image with title
 * and description), text in the colour of what is around it. A page may colour `.bar` anew, for the dark. Pure.
 *
 * @param id names the elements of this chart among others on the page
 */
export function barChart(chart: Chart, id: string): Html {
  const most = Math.max(1, ...chart.bars.map(({ value }) => value ?? 0));
  const { height, drawn } = chart.as === 'rows' ? rows(chart, most) : columns(chart, most);
  return html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-title ${id}-description" viewBox="0 0 ${WIDTH} ${height}" width="100%" font-family="system-ui,sans-serif" font-size="${FONT_SIZE}" fill="currentColor">
<title id="${id}-title">${chart.title}</title>
<desc id="${id}-description">${chart.description}</desc>
${drawn}
</svg>`;
}

function rows({ bars, unit = '' }: Chart, most: number) {
  const room = WIDTH - VALUE_WIDTH;
  const drawn = bars.map(({ label, value = 0 }, i) => {
    const [y, width] = [i * ROW_HEIGHT, rounded((room * value) / most)];
    return html`<text x="0" y="${y + 18}">${shortened(label)}</text><rect class="bar" fill="${deed}" x="0" y="${y + 25}" width="${width}" height="${BAR_HEIGHT}" rx="3"/><text x="${width + 8}" y="${y + 40}">${value}${unit}</text>
`;
  });
  return { height: Math.max(1, bars.length) * ROW_HEIGHT, drawn };
}

function columns({ bars, unit = '' }: Chart, most: number) {
  const step = WIDTH / Math.max(1, bars.length);
  const everyNth = Math.ceil(bars.length / COLUMN_LABELS_MAX);
  const room = COLUMNS_HEIGHT - AXIS_HEIGHT;
  const drawn = bars.map(({ label, value }, i) => {
    const height = rounded(((room - AXIS_HEIGHT) * (value ?? 0)) / most);
    const [x, middle] = [rounded(i * step + step * 0.15), rounded((i + 0.5) * step)];
    const isNamed = i % everyNth === 0;
    // A narrow first column has its name from the edge on, and not beyond it.
    const [place, anchor] = middle < LABEL_WIDTH_MAX / 2 ? [0, 'start'] : [middle, 'middle'];
    return html`${
      // A day that is not shown has a dash where its number would be: it is not a day on which nobody came.
      value === undefined
        ? isNamed && html`<text x="${middle}" y="${room - 6}" text-anchor="middle">–</text>`
        : html`<rect class="bar" fill="${deed}" x="${x}" y="${room - height}" width="${rounded(step * 0.7)}" height="${height}" rx="2"/>`
    }${isNamed && value !== undefined && html`<text x="${middle}" y="${room - height - 6}" text-anchor="middle">${value}${unit}</text>`}${
      isNamed && html`<text x="${place}" y="${COLUMNS_HEIGHT - 8}" text-anchor="${anchor}">${label}</text>`
    }
`;
  });
  const axis = html`<line x1="0" x2="${WIDTH}" y1="${room}" y2="${room}" stroke="currentColor" stroke-opacity=".4"/>`;
  return { height: COLUMNS_HEIGHT, drawn: html`${drawn}${axis}` };
}

const LABEL_CHARACTERS_MAX = 48;
const shortened = (label: string): string =>
  label.length > LABEL_CHARACTERS_MAX ? `${label.slice(0, LABEL_CHARACTERS_MAX - 1)}…` : label;
const rounded = (pixels: number): number => Math.round(pixels * 10) / 10;
