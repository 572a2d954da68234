import { describe, expect, it } from 'vitest';
import { html } from '../../lambdas/http/html.ts';
import { framedPage } from '../../lambdas/http/page-frame.ts';

const title = '</title><script>';
const style = 'p > a{color:red}';

describe('the frame of a page', () => {
  it('says its language, fits its screen, and takes nothing in its title for markup', () => {
    expect(framedPage({ language: 'nb', title, style }, html`<p>${'<b>'}</p>`)).toBe(`<!DOCTYPE html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>&lt;/title&gt;&lt;script&gt;</title>
<style>p > a{color:red}</style>
</head>
<body>
<p>&lt;b&gt;</p>
</body>
</html>
`);
  });

  it('brings along what a page without headers needs', () => {
    const policy = "default-src 'none'";
    const page = framedPage(
      { language: 'en', title, style, policy, meta: { referrer: 'no-referrer' }, icon: 'data:,' },
      html``,
    );
    expect(page).toContain('<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;">');
    expect(page).toContain('<meta name="referrer" content="no-referrer">');
    expect(page).toContain('<link rel="icon" href="data:,">');
  });
});
