// The local stack's sign-in page, as a person uses it.

/**
 * Presses a button of a page that comes with it: nobody hears a press before the page's script has run, which is before
 * the page is loaded.
 *
 * @param {Tests.Page} page
 * @param {Tests.Name} name
 */
export const press = async (page, name) => {
  const button = page.getByRole("button", { name });
  await button.waitFor();
  await page.waitForLoadState();
  await button.click();
};

/**
 * On the sign-in page, once somebody is sought: waits for who is found. Who was shown before may be among them.
 *
 * @param {Tests.Page} page
 */
export const untilFound = (page) => page.waitForURL(/[?&]find=/);

/**
 * On the sign-in page: finds somebody who is registered, and chooses to be them.
 *
 * @param {Tests.Page} page
 * @param {Pick<Tests.Person, "email">} person
 */
export const chooseToBe = async (page, person) => {
  await page.getByRole("searchbox").fill(person.email);
  await page.getByRole("searchbox").press("Enter");
  await untilFound(page);
  await page.getByRole("listitem").filter({ hasText: person.email }).getByRole("button").click();
};

/**
 * On the sign-in page: registers somebody.
 *
 * @param {Tests.Page} page
 * @param {Pick<Tests.Person, "name" | "email">} person
 */
export const register = async (page, { name, email }) => {
  await page.locator("#name").fill(name);
  await page.locator("#email").fill(email);
  await page.locator("#email").press("Enter");
};

/**
 * On a page with a *Sign in* button.
 *
 * @param {Tests.Page} page
 * @param {Pick<Tests.Person, "email">} person
 */
export const signIn = async (page, person) => {
  await press(page, /^(Sign in|ログイン)$/);
  await chooseToBe(page, person);
};
