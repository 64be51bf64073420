// Types for the scripts, checked by `tests/browser/typecheck.js`. What is here is known to every script, and served to nobody.

/** The HTTP API as docs/http-api.md describes it: what the scripts read of its answers, and send. */
declare namespace Api {
  type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** RFC 3339 in UTC. */
  type Time = string;
  type Locale = "ja" | "en";
  type Way = "name" | "chatwork_id" | "email";
  type Relation = "none" | "contact" | "requested" | "awaiting_me";
  type Direction = "incoming" | "outgoing";
  type Origin = "search" | "email_invitation" | "share_link" | "organization";
  type InvitationState = "queued" | "sent" | "undeliverable" | "accepted" | "expired" | "revoked";
  type LineStatus =
    | "queued"
    | "already_contact"
    | "already_invited"
    | "duplicate"
    | "self"
    | "invalid"
    | "over_quota";
  type Approval = "owner" | "automatic";

  interface Person {
    user_id: string;
    account_id: number;
    name: string;
    chatwork_id: string | null;
    organization_name: string | null;
    avatar_image_url: string | null;
  }
  interface FoundUser extends Person {
    relation: Relation;
    available_actions: ("request" | "cancel" | "accept" | "decline" | "remove" | "block")[];
    matched_by: Way;
    request_id: string | null;
  }
  interface Contact extends Person {
    department: string | null;
    email: string;
    kind: "internal" | "external";
    since: Time;
    origin: Origin;
  }
  interface ContactRequest {
    request_id: string;
    direction: Direction;
    user: Person;
    message: string;
    origin: Origin;
    created_at: Time;
    expires_at: Time;
  }
  interface BlockedPerson extends Person {
    blocked_at: Time;
  }
  interface Me {
    user_id: string;
    account_id: number;
    name: string;
    reading: string | null;
    chatwork_id: string | null;
    email: string;
    organization: string | null;
    department: string | null;
    avatar_image_url: string | null;
    findable_by: Record<Way, boolean>;
    locale: Locale;
  }
  interface MeChange {
    name?: string;
    reading?: string | null;
    chatwork_id?: string | null;
    findable_by?: Partial<Record<Way, boolean>>;
    locale?: Locale;
  }
  interface Organization {
    name: string;
    users: number;
    user_limit: number | null;
  }
  interface Summary {
    contacts: { total: number; internal: number; external: number; external_limit: number | null };
    requests: Record<Direction, number>;
    organization: Organization | null;
  }
  interface Sent {
    outcome: "sent" | "already_pending" | "connected" | "already_contact";
    request: ContactRequest | null;
  }

  interface Invitation {
    invitation_id: string;
    email: string;
    message: string;
    locale: Locale | null;
    state: InvitationState;
    reason: string | null;
    created_at: Time;
    sent_at: Time | null;
    expires_at: Time;
  }
  interface Submission {
    emails: string[];
    text?: string;
    message?: string;
    locale?: Locale;
    mode?: "lenient" | "strict";
    dry_run?: boolean;
  }
  interface ReportLine {
    line: number;
    raw: string;
    email: string | null;
    status: LineStatus;
    reason: string | null;
    duplicate_of_line: number | null;
    invitation_id: string | null;
  }
  interface Report {
    batch_id: string;
    lines: ReportLine[];
    counts: Partial<Record<LineStatus, number>>;
    retry_text: string;
    quota: { limit: number; remaining: number; resets_at: Time };
  }
  interface Mail {
    from: string;
    subject: string;
    text: string;
    html: string;
  }

  interface ShareLink {
    link_id: string;
    url: string;
    name: string | null;
    enabled: boolean;
    approval: Approval;
    expires_at: Time | null;
    max_uses: number | null;
    uses: number;
    views: number;
    last_used_at: Time | null;
  }
  interface ShareLinkChange {
    name?: string | null;
    enabled?: boolean;
    approval?: Approval;
    expires_in_days?: number | null;
    max_uses?: number | null;
  }
  interface Inviter {
    name: string;
    avatar_image_url: string | null;
  }
  interface LinkView {
    kind: "share" | "email" | null;
    inviter: Inviter | null;
    view: string;
    effect: "connect" | "ask" | null;
  }
  interface Redemption {
    outcome: "request_sent" | "connected" | "already_contact" | "already_pending";
  }

  interface Fault {
    pointer: string;
    code: string;
    detail: string;
  }
  /** What of a problem the scripts read. The gateway's own has a `message` alone. */
  interface Problem {
    code?: string;
    detail?: string;
    message?: string;
    errors?: Fault[];
  }

  /** The lists by the field of the answer that has them. */
  interface Lists {
    users: FoundUser;
    contacts: Contact;
    contact_requests: ContactRequest;
    blocks: BlockedPerson;
    invitations: Invitation;
    share_links: ShareLink;
  }
  type Page<N extends keyof Lists> = { [name in N]: Lists[N][] } & { next_cursor: string | null };

  /** The calls that the scripts make, with the body each `takes` and what it `answers`. */
  interface Calls {
    "GET /me": { answers: Me };
    "PATCH /me": { takes: MeChange; answers: Me };
    "GET /users": { answers: Page<"users"> };
    "GET /contacts": { answers: Page<"contacts"> };
    "GET /contacts/summary": { answers: Summary };
    [call: `DELETE /contacts/${string}`]: { answers: null };
    "GET /contact-requests": { answers: Page<"contact_requests"> };
    "POST /contact-requests": { takes: { user_id: string; message?: string }; answers: Sent };
    [call: `POST /contact-requests/${string}/accept`]: { answers: Contact | null };
    [call: `POST /contact-requests/${string}/decline`]: { takes: { mode?: string }; answers: null };
    [call: `DELETE /contact-requests/${string}`]: { answers: null };
    "GET /blocks": { answers: Page<"blocks"> };
    [call: `${"PUT" | "DELETE"} /blocks/${string}`]: { answers: null };
    "GET /invitations": { answers: Page<"invitations"> };
    "POST /invitations": { takes: Submission; answers: Report };
    "POST /invitations/preview": { takes: { message?: string; locale?: Locale }; answers: Mail };
    [call: `DELETE /invitations/${string}`]: { answers: null };
    [call: `POST /invitations/${string}/resend`]: { answers: Invitation };
    "GET /share-links": { answers: Page<"share_links"> };
    "POST /share-links": { takes: ShareLinkChange; answers: ShareLink };
    [call: `PATCH /share-links/${string}`]: { takes: ShareLinkChange; answers: ShareLink };
    [call: `DELETE /share-links/${string}`]: { answers: null };
    [call: `POST /share-links/${string}/rotate`]: { answers: ShareLink };
    [call: `GET /share-links/${string}/qr.svg`]: { answers: string };
    [call: `POST /invite-links/${string}/redemptions`]: { answers: Redemption };
  }
  type Call<M extends Method, P extends string> = `${M} ${P extends `${infer Bare}?${string}` ? Bare : P}`;
  /** A path, if there is such a call. */
  type Path<M extends Method, P extends string> = Call<M, P> extends keyof Calls ? P : never;
  type Body<M extends Method, P extends string> = Calls[Call<M, P> & keyof Calls] extends { takes: infer T } ? T : undefined;
  type Answer<M extends Method, P extends string> = Calls[Call<M, P> & keyof Calls]["answers"];
}

/** Signing in, and what of it is kept. */
declare namespace SignIn {
  type Client = { authority: string; client: string; redirect: string };
  interface Session {
    token: string;
    expires: number;
  }
  interface Wish {
    register?: boolean;
    other?: boolean;
    silent?: boolean;
  }
  interface Attempt {
    back: string;
    silent: boolean;
    language: string;
    state: string;
    nonce: string;
    verifier: string;
  }
}

/** What the scripts of the Manage Contacts page hand each other. */
declare namespace Page {
  type Content = import("preact").ComponentChildren;
  /** An element of the page, once it is there. */
  type Ref<T extends Element = HTMLElement> = { current: T | null | undefined };
  /** An event of one of a form's fields. */
  type FieldEvent = Event & { target: HTMLInputElement & HTMLSelectElement & HTMLTextAreaElement };

  /** Of a field whose options are `LanguageOptions`. */
  type LanguageEvent = Event & { target: { value: Api.Locale } };
  /** A paste or a drop. */
  type Put = Event & { clipboardData: DataTransfer | null; dataTransfer: DataTransfer | null };
  type Toggle = Event & { target: HTMLDetailsElement };

  type Texts = typeof import("./manage/texts/en.js").default;
  type Key = keyof Texts;
  /** The texts without placeholders. */
  type PlainKey = { [K in Key]: Texts[K] extends string ? K : never }[Key];
  /** What a text has to be given. */
  type Values<K extends Key> = K extends Key ? (Texts[K] extends (...values: infer V) => string ? V : []) : never;

  /** What went wrong, of the API or of the page itself. */
  interface Problem {
    code?: string;
    status?: number;
    errors?: Pick<Api.Fault, "code" | "pointer">[];
  }
  /** A problem by the fields of a form, and the rest of it. */
  interface Wrong {
    at: Record<string, string | undefined>;
    rest: Problem | null;
  }
  type Work = () => unknown;
  type Named = Pick<Api.Person, "name">;
  /** Whom a request is to or from. */
  type Someone = Pick<Api.Person, "user_id" | "name">;

  /** Something that is done about a request; answers what was done, or null. */
  type Answer = (requestId: string, person: Someone) => Promise<string | null>;

  interface Notice {
    text: string;
    alert?: boolean;
    spoken?: boolean;
    /** Where to go on. */
    way?: { href: string; label: PlainKey };
  }
  interface Choice {
    value: string | true;
    label: string;
    hint?: string;
    kind?: "danger";
  }
  interface Question {
    title: string;
    text?: string;
    choices: Choice[];
    leave?: string;
  }
  type Asked = Question & { resolve: (value: Choice["value"] | null) => void };

  /** What joins a field to its label, hint and error. */
  interface FieldAttributes {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean;
  }
  type Input = (event: FieldEvent) => void;

  /** What has come of a list so far, and to which question. */
  interface Pages<T> {
    items: T[];
    cursor?: string | null;
    state: "loading" | "ready" | "failed";
    problem?: Problem;
    of?: string | null;
    /** Who came while the list was shown, by their ids: they wait until that is wished. */
    held?: string[];
  }
  interface List<T> extends Pick<Pages<T>, "items" | "state" | "problem"> {
    /** Whether the items answer an older question. */
    stale: boolean;
    hasMore: boolean;
    /** How many have come since, and wait to be shown. */
    arrived: number;
    show: () => void;
    more: () => Promise<void>;
    reload: () => Promise<void>;
    /** Maps the items, as after an action on one of them. */
    change: (map: (items: T[]) => T[]) => void;
  }

  interface LinkForm {
    name: string;
    approval: Api.Approval;
    expires_in_days: string;
    keepExpiry: boolean;
    max_uses: string | number;
  }

  /** A report with what was submitted, and how many of its mails wait. */
  interface Report extends Api.Report {
    dryRun: boolean;
    wanted: string;
    fields: number;
    bulk: boolean;
    waiting: number;
    /** Whether it is on what another one left to be fixed. */
    left?: boolean;
  }
  interface InviteForm {
    emails: string[];
    text: string;
    bulk: boolean;
    message: string;
    locale: Api.Locale | "";
  }
  interface InvitePlaces {
    group: Ref;
    pasted: Ref<HTMLTextAreaElement>;
    message: Ref<HTMLTextAreaElement>;
    failure: Ref;
    result: Ref;
  }

  /** What every view is given. */
  interface App {
    me: Api.Me;
    query: URLSearchParams;
    report: Report | null;
    setReport: (change: (old: Report | null) => Report | null) => void;
    summary: Api.Summary | null;
    refresh: () => Promise<Api.Summary | null>;
    choose: (language: Api.Locale) => Promise<void>;
    changeMe: (me: Api.Me) => void;
  }
  type ViewName = "contacts" | "requests" | "search" | "invite" | "connect" | "settings";
  type View = { default: import("preact").FunctionComponent<{ app: App }> };
}
