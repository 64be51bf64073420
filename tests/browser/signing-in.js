// The local stack's sign-in page, as a person uses it.

// On the sign-in page: finds somebody who is registered, and chooses to be them.
export const chooseToBe = async (page, person) => {
  await page.getByRole("searchbox", { name: "Find" }).fill(person.email);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("listitem").filter({ hasText: person.email }).getByRole("button").click();
};

// On the sign-in page: registers somebody.
export const register = async (page, { name, email }) => {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Register" }).click();
};

// On a page with a *Sign in* button.
export const signIn = async (page, person) => {
  await page.getByRole("button", { name: /^(Sign in|ログイン)$/ }).click();
  await chooseToBe(page, person);
};
