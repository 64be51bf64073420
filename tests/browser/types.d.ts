// Types for the browser tests, checked by `typecheck.js`.

declare namespace Tests {
  type Page = import("@playwright/test").Page;
  type Locator = import("@playwright/test").Locator;
  type Route = import("@playwright/test").Route;
  type Context = import("@playwright/test").BrowserContext;
  type ContextOptions = import("@playwright/test").BrowserContextOptions;
  type Name = string | RegExp;
  /** Addresses, as `page.route` takes them. */
  type Address = string | RegExp;
  type Language = "en" | "ja";

  type Stack = Awaited<ReturnType<typeof import("./stack.js").startStack>>;
  /** What `POST /_local/users` takes. */
  interface Registration {
    name: string;
    email?: string;
    reading?: string;
    chatwork_id?: string;
    organization?: string;
    department?: string;
    locale?: Api.Locale;
  }
  interface Person extends Registration {
    email: string;
    userId: string;
    token: string;
  }
  interface Mail extends Api.Mail {
    to: string;
  }

  type Watch = ReturnType<typeof import("./fixtures.js").watching>;
  /** Another visitor: a page in a browser of their own. */
  type Visitor = (options?: ContextOptions) => Promise<Page>;
}
