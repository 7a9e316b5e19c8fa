import axe from 'axe-core';
import type {Page} from 'playwright-core';

/** What the rules of axe-core find wrong with a page in light, in dark, and on a phone: rule, place and reason. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const) {
    await page.emulateMedia({colorScheme});
    await page.setViewportSize({width, height: 900});
    const results = await page.evaluate<axe.AxeResults>(
      colorScheme === 'dark' ? `axe.run({runOnly: ['color-contrast']})` : 'axe.run()',
    );
    for (const {id, nodes} of results.violations)
      found.push(`${colorScheme} ${width}: ${id} at ${nodes[0]?.html.slice(0, 120)} (${nodes.length} times)`);
  }
  return found;
}
