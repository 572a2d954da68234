/**
 * The colours of our letters and pages, by what they are for. Every pair that meets is legible (WCAG 2.2, 1.4.3 and
 * 1.4.11): a test computes it.
 */
export interface Palette {
  /** What text stands on. */
  readonly paper: string;
  /** What lies around the paper; small text stands there too. */
  readonly ground: string;
  readonly ink: string;
  /** Small text, and the edge of a field. */
  readonly quiet: string;
  /** Separates, and says nothing. */
  readonly line: string;
  /** Links and buttons. */
  readonly deed: string;
  readonly onDeed: string;
}

export const palettes = {
  light: {
    paper: '#ffffff',
    ground: '#f3f5f7',
    ink: '#102a43',
    quiet: '#52606d',
    line: '#d9e2ec',
    deed: '#0b5c4b',
    onDeed: '#ffffff',
  },
  dark: {
    paper: '#1b252e',
    ground: '#11181f',
    ink: '#e8eef3',
    quiet: '#b3c0cb',
    line: '#34424f',
    deed: '#7fd8c0',
    onDeed: '#06241d',
  },
} as const satisfies Readonly<Record<'light' | 'dark', Palette>>;
