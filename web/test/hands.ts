// Hands on a keyboard: what somebody does who has no mouse, and what she must be able to see then.
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** More stops than any room has. */
const most = 120;

/** Goes on with Tab until the focus is there, and sees it at each stop on the way. */
export async function reach(page: Page, what: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await what.waitFor();
  for (let i = 0; i < most; i++) {
    if (await has(what)) {
      return;
    }
    await page.keyboard.press(key);
    await visible(page);
  }
  assert.fail(`the keyboard does not get to ${String(what)}: it is at ${await at(page)}`);
}

/** Goes there, and does it. */
export async function press(page: Page, what: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await reach(page, what);
  await page.keyboard.press(key);
}

/** Goes there, and writes. */
export async function type(page: Page, what: Locator, text: string): Promise<void> {
  await reach(page, what);
  await page.keyboard.insertText(text);
}

/** Waits until something has the focus, as the heading of a room that was entered. */
export async function given(page: Page, what: Locator, why: string): Promise<void> {
  await what.waitFor();
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (await has(what)) {
      return;
    }
    await page.waitForTimeout(50);
  }
  assert.fail(`${why}: the focus is at ${await at(page)}`);
}

/** It stands in a part of the page that a screen reader listens to. */
export async function announced(what: Locator): Promise<void> {
  await what.first().waitFor();
  const live = await what.first().evaluate((element) => element.closest('[role="alert"], [role="status"], [aria-live="polite"], [aria-live="assertive"]') !== null);
  assert.equal(live, true, `nobody who listens hears ${String(what)}`);
}

function has(what: Locator): Promise<boolean> {
  return what.evaluateAll((all) => all.some((element) => element === document.activeElement));
}

/** Where the keyboard is, for who has to find out why. */
function at(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing');
}

/** What has the focus looks otherwise than without it, and is in the window. */
async function visible(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const stop = document.activeElement;
      const shown = stop instanceof HTMLInputElement ? (stop.labels?.[0] ?? stop) : stop;
      const { top = 0, bottom = 1, left = 0, right = 1 } = shown === document.body ? {} : (shown?.getBoundingClientRect() ?? {});
      return bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    },
    undefined,
    { timeout: 3000 },
  ).catch(async () => {
    assert.fail(`the focus is outside of the window: ${await at(page)}`);
  });
  const wrong = await page.evaluate(() => {
    const stop = document.activeElement;
    if (!(stop instanceof HTMLElement) || stop === document.body) {
      return undefined; // between the last stop and the first
    }
    const labels = stop instanceof HTMLInputElement ? [...(stop.labels ?? [])] : [];
    const drawn = (): readonly string[] =>
      [stop, ...labels].flatMap((element) =>
        [undefined, '::before', '::after'].map((part) => {
          const style = getComputedStyle(element, part);
          const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? 'none' : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`;
          return `${outline} ${style.boxShadow} ${style.borderColor} ${style.backgroundColor}`;
        }),
      );
    // At once: a colour that glides has not changed yet.
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { transition: none !important }');
    document.adoptedStyleSheets = [still];
    const there = drawn();
    stop.blur();
    const elsewhere = drawn();
    stop.focus({ preventScroll: true });
    const again = drawn();
    document.adoptedStyleSheets = [];
    const same = there.every((one, i) => one === elsewhere[i]) || again.some((one, i) => one !== there[i]);
    return same ? `looks the same without the focus: ${stop.outerHTML.slice(0, 200)} (${there[0] ?? ''})` : undefined;
  });
  assert.equal(wrong, undefined);
}
