import type { Browser } from 'playwright-core';

/** What a person types. */
export interface Person {
  readonly email: string;
  readonly password: string;

  /** At the first sign-in, when the password is a temporary one. */
  readonly newPassword?: string;
}

/** Fills in the user pool's sign-in page, and returns the address that the browser is sent to in the end. */
export async function signIn(browser: Browser, url: URL, { email, password, newPassword }: Person): Promise<URL> {
  const redirectUri = url.searchParams.get('redirect_uri')!;
  const page = await browser.newPage();
  try {
    // Whether somebody listens there is not the page's business.
    const back = page.waitForRequest((request) => request.url().startsWith(`${redirectUri}?`));
    await page.goto(url.href);
    await page.fill('input[name="username"]', email);
    await page.fill('input[name="password"]', password);
    await page.click('button[type="submit"]');
    if (newPassword !== undefined) {
      await page.fill('input[name="new_password"]', newPassword);
      await page.fill('input[name="confirm_password"]', newPassword);
      await page.click('button[type="submit"]');
    }
    const sentTo = new URL((await back).url());
    // Who listens there, if anybody, is to get the request.
    await page.waitForLoadState();
    return sentTo;
  } finally {
    await page.close();
  }
}
