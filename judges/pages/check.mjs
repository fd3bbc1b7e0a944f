// Opens every page in Chromium and judges it: accessibility by axe-core in light, dark
// and print; no overflow on a narrow screen; no script, no request; every excerpt shown.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...pages] = process.argv.slice(2);
const { chromium } = await import(pathToFileURL(path.join(modules, 'playwright-core/index.mjs')));
const axe = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});
let failures = 0;
const fail = (page, what) => {
  failures += 1;
  console.error(`${path.basename(page)}: ${what}`);
};

const views = [
  { name: 'light', colorScheme: 'light', width: 1000 },
  { name: 'dark', colorScheme: 'dark', width: 1000 },
  { name: 'narrow', colorScheme: 'light', width: 320 },
  { name: 'print', colorScheme: 'light', width: 800, media: 'print' },
];
for (const file of pages) {
  for (const view of views) {
    const context = await browser.newContext({
      colorScheme: view.colorScheme,
      viewport: { width: view.width, height: 900 },
    });
    const page = await context.newPage();
    page.on('request', (r) => r.url().startsWith('file:') || fail(file, `asks for ${r.url()}`));
    await page.goto(pathToFileURL(file).href);
    if (view.media) await page.emulateMedia({ media: view.media });
    const lang = path.basename(file).split('.').at(-2);
    const seen = await page.evaluate(() => {
      for (const d of document.querySelectorAll('details')) d.open = true;
      return {
        lang: document.documentElement.lang,
        scripts: document.scripts.length,
        overflow: document.documentElement.scrollWidth - window.innerWidth,
        empty: [...document.querySelectorAll('.snippet mark')].filter((m) => !m.textContent).length,
        dangling: [...document.querySelectorAll('a[href^="#"]')]
          .filter((a) => !document.getElementById(a.hash.slice(1))).length,
      };
    });
    if (seen.lang !== lang) fail(file, `says it is in ${seen.lang}`);
    if (seen.scripts > 0) fail(file, 'holds a script');
    if (seen.overflow > 0) fail(file, `${view.name}: ${seen.overflow} px too wide`);
    if (seen.empty > 0) fail(file, 'a claim is not underlined');
    if (seen.dangling > 0) fail(file, 'a link leads nowhere');
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    for (const v of violations) {
      fail(file, `${view.name}: ${v.id}, ${v.nodes.length} times: ${v.nodes[0].html.slice(0, 120)}`);
    }
    await context.close();
  }
}
await browser.close();
console.log(`${pages.length} pages in ${views.length} views: ${failures} defects`);
process.exit(failures === 0 ? 0 : 1);
