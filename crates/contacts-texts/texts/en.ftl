### What people read, in English: the mails, the pages, and the script of the Manage Contacts page.
###
### The format is Project Fluent's (https://projectfluent.org). A text is one line, with placeholders ({ $name }) and
### choices by number ([one], *[other]). What may stand here, and how to add a text or a language, is said in
### docs/architecture.md, "A text".

## Mails: invitations, to people who have no account yet

mail-invitation-subject = { $inviter } invites you to { $product }
# A mail in two languages: its subject begins with this in the first, and ends with the next in the second.
mail-invitation-subject-first = { $inviter } invites you to { $product }
mail-invitation-subject-second = Invitation to { $product }
# What an inbox shows beside the subject, and the first sentence of the text part.
mail-invitation-summary = { $inviter } invites you to connect on { $product }.
mail-invitation-summary-organization = { $inviter } ({ $organization }) invites you to connect on { $product }.
mail-invitation-lead = Accept to connect on { $product }. If you don't have an account yet, sign up with this email address.
mail-invitation-button = View invitation
mail-invitation-why = You're receiving this email because { $inviter } entered your email address on { $product } to invite you. If you don't know this person, you can ignore it. No account will be created.

## Mails: contact requests, to people who have an account

mail-request-subject = { $inviter } would like to add you as a contact
mail-request-summary = { $inviter } would like to add you as a contact on { $product }.
mail-request-summary-organization = { $inviter } ({ $organization }) would like to add you as a contact on { $product }.
mail-request-lead = Accept to connect on { $product }. You can review the request before you decide.
mail-request-button = View request
mail-request-why = You're receiving this email because { $inviter } sent a contact request to your email address, which is registered with { $product }. If you don't know this person, you can ignore it. Nothing will change.

## Mails: what every mail says

mail-message-label = Message from { $inviter }
mail-unchecked = Written by { $inviter }. { $product } hasn't reviewed it.
# The date is Japan's in every language. Only letters, digits and plain punctuation: this goes into HTML as it is.
mail-expires = This link expires on { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
} { $year }, Japan time.
mail-plain-link = If the button doesn't open the page, paste this address into your browser:
mail-no-reply = Replies to this email aren't monitored and won't reach { $inviter }.
mail-unsubscribe = Unsubscribe
mail-report = Report abuse
# After a label of the text part, whose link stands on the next line.
mail-colon = :

## Pages: while a page's script is on the way, and when it does not come

late-moment = One moment…
late-text = The page couldn't be loaded.
late-reload = Reload it

## Pages: behind an invite link. $name is the inviter

# What stays on one line with the name before it: particles and honorifics, with spaces between, the longer ones first.
link-name-endings = { "" }
link-open = Open { $product }
link-see-contacts = See your contacts
link-see-requests = See your requests
link-manage = Manage your links
link-add = Add to Contacts
link-accept = Accept
link-try-again = Try again
link-nowhere-title = Page not found
link-nowhere-text = Check the URL, or start from the home page.
link-anonymous-title = { $name } invites you to connect
link-anonymous-text = Sign in to respond. New here? Create an account and you'll return to this invitation.
link-ask-title = Send { $name } a contact request?
link-ask-text = { $name } will receive your contact request.
link-ask = Send request
link-message = Message (optional)
link-connect-title = Add { $name } to your contacts?
link-connect-text = You and { $name } will be added to each other's contacts.
link-awaiting-you-title = { $name } sent you a contact request
link-awaiting-you-text = Accept to be added to each other's contacts.
link-request-pending-title = Your request is pending
link-request-pending-text = { $name } hasn't responded yet.
link-already-pending-title = Your request is pending
link-already-pending-text = You've already sent { $name } a request. Please wait for a response.
link-already-contact-title = You and { $name } are contacts
link-already-contact-text = There's nothing more to do.
link-own-link-title = This is your own link
link-own-link-text = Share it with people you want to connect with.
link-at-limit-title = You've reached your contact limit
link-at-limit-text = You've reached your external contact limit. Remove a contact, then open the link again.
link-request-sent-title = Request sent
link-request-sent-text = You'll become contacts once { $name } accepts.
link-connected-title = You and { $name } are now contacts
link-connected-text = You can invite each other to group chats.
link-not-registered-title = You don't have an account yet
link-not-registered-text = You're signed in, but you don't have a { $product } account yet. Sign up and you'll return to this invitation.
link-failed-title = The service isn't responding
link-failed-text = Nothing is lost. Try again in a moment.
link-expired-title = This link has expired
link-expired-text = Ask for a new one.
link-used-up-title = This link has reached its limit
link-used-up-text = It could be used by a limited number of people. Ask for a new one.
link-revoked-title = This link no longer works
link-revoked-text = It was reset, turned off or withdrawn. Ask for a new one.
link-unknown-title = Link not found
link-unknown-text = Check that you have the complete URL, or ask for a new link.
link-sign-in = Sign in
link-register = Sign up
link-nothing-yet = Just viewing this page won't notify anyone.
# Before a name.
link-signed-in-as = Signed in as
link-other = Use another account
link-looking = Opening the invitation…
link-slow = This is taking longer than usual…
link-ended = Your session has expired. Please sign in again.
# A button that is there without JavaScript only.
link-reload = Turn on JavaScript and reload
link-no-script = Signing in requires JavaScript. Turn it on in your browser and reload this page, or open the link in another browser.
link-sign-in-failed = You aren't signed in. Please try again.
link-message-refused = Your message can't be sent. Use up to 1,000 characters, and no invisible ones.
link-service-failed = The service isn't responding. Nothing is lost; please try again.
link-no-storage = Your browser doesn't allow this page to store data, which signing in requires. Allow site data (cookies) for this page and reload it, or open the link in another browser.

## Pages: the shell of the Manage Contacts page, before its script runs

shell-title = Manage Contacts
# What search engines show.
shell-description = Find people, respond to contact requests, invite others by email or link, and manage your contacts.
shell-no-script = This page requires JavaScript. Turn it on in your browser and reload the page, or open it in another browser.

## Pages: back from signing in

signed-in-title = Signing in…
signed-in-failed = You aren't signed in
signed-in-nothing-lost = Sign-in was canceled or took too long. Nothing is lost: go back and try again.
signed-in-back = Go back
# When this browser did not begin the sign-in.
signed-in-elsewhere = You aren't signed in here
signed-in-open-again = The sign-in was started in another browser, or is already complete. If you've just signed up, your account is ready: open your invitation again, or go to your contacts.
signed-in-contacts = Go to your contacts
signed-in-no-script = Signing in requires JavaScript. Turn it on in your browser, then open the page you came from again.

## Pages: an invitation or an unsubscribe page whose address has lost its token

tokenless-invitation-title = Open the link again
tokenless-invitation-text = This URL alone doesn't say which invitation it was. Go back to the message you received, and open its link again.
tokenless-mail-title = Open the link in the email again
tokenless-mail-text = This URL alone doesn't say which email it was. To unsubscribe or report abuse, open the link at the end of the email again.

## Pages: unsubscribe and report

unsubscribe-title = Unsubscribe from invitation emails
unsubscribe-text = Choose which emails you no longer want to receive.
# Above the next two, of which one is chosen.
unsubscribe-whose = Invitations
unsubscribe-inviter = From the person named in the email
unsubscribe-all = From anyone
unsubscribe-button = Unsubscribe
unsubscribe-report = Report abuse
unsubscribe-about-report = Is this email spam, harassment or a scam? Report it. Reporting also stops the emails selected above.
# Opens the form again.
unsubscribe-change = Change this
unsubscribe-done = Done
# The same whether the address is known or not: it tells nobody which.
unsubscribe-unsubscribed = You're unsubscribed. You won't receive the emails you selected.
unsubscribe-reported = Your report was received. You won't receive the emails you selected.
unsubscribe-failed = The service isn't responding
unsubscribe-not-stored = Your choice hasn't been saved yet. Try again in a moment.
unsubscribe-again = Try again

## Local stack: its sign-in page, its mailbox and the list of its pages

local-stack = Local stack
local-places = Places
local-places-about = Where things are
local-place-manage = the page; the HTTP API is at the same address
local-place-mailbox = emails that SES would have sent
local-place-mail = the same, for scripts
local-place-mail-title = Emails as JSON
local-place-calls = what was asked of AWS, with its capacity units
local-place-calls-title = Calls
local-place-clock = the time of the stack
local-place-clock-title = Clock
local-place-sign-in = the configuration of the OpenID Connect issuer
local-for-processes = For other processes: DynamoDB at { $dynamodb }, SES at { $ses }. All calls are in { $document }.
local-mailbox = Mailbox
local-mailbox-about = Emails that SES would have sent
local-mail-to = To
local-mail-to-hint = (an address, or a part of one)
local-mail-search = Search
local-mail-all = All emails
local-mail-none = No emails yet. Invite someone, and reload this page.
local-mail-none-to = No emails to { $to }.
local-mail-newest = The newest { NUMBER($count) } are shown.
local-mail-from = From
local-mail-reply-to = Reply to
local-mail-sent = Sent
local-mail-tag = Tag
local-mail-details = Details
local-mail-view = View
local-mail-rendered = Email
local-mail-text = Text
local-mail-source = Source
local-mail-width = Width
local-mail-wide = Wide
local-mail-phone = 320 px
local-mail-colours = Colors
local-mail-auto = Auto
local-mail-light = Light
local-mail-dark = Dark
local-mail-frame = The email
local-mail-no-html = This email has no HTML part.
local-mail-no-text = This email has no text part.
local-mail-download = Download as a file, to open it in an email program
local-mail-events = Events
local-mail-no-events = None. { $call } makes SES report a delivery, a bounce or a complaint.
local-mail-unknown = Email not found
local-mail-unknown-text = The mailbox has no email with this ID.
local-mail-unreadable = The mailbox can't be read
local-mail-unreadable-text = See the log for details.
local-sign-in = Sign in
local-sign-in-about = No passwords here
local-sign-in-impossible = This sign-in isn't possible
local-sign-in-known = As a registered user
local-sign-in-find = Find
local-sign-in-find-hint = (name, email address or organization)
local-sign-in-nobody = No users found.
local-sign-in-count = { $count ->
    [one] { NUMBER($count) } user.
   *[other] { NUMBER($count) } users.
}
local-sign-in-some = { NUMBER($shown) } of { NUMBER($count) } users are shown. Search by a part of the name.
local-sign-in-new = As a new user
local-sign-in-name = Name
local-sign-in-email = Email address
local-sign-in-reading = Reading of the name
local-sign-in-reading-hint = (kana, optional)
local-sign-in-optional = (optional)
local-sign-in-chatwork-id = Chatwork ID
local-sign-in-organization = Organization
local-sign-in-locale = Language of emails
local-sign-in-register = Sign up and sign in

## Manage Contacts: in several places

manage-again = Try again
manage-back = Back
# Leaves a dialog without doing anything.
manage-dismiss = Cancel
manage-close = Close
manage-slow = This is taking longer than usual…
manage-loading = Loading
manage-more = Show more
# A button above a list: what has come while the list was shown.
manage-arrived = { $count ->
    [one] Show { $count } new item
   *[other] Show { $count } new items
}
# What a button does and to what, or a result and its reason.
manage-named = { $label }: { $name }
manage-register = Sign up
manage-save = Save
manage-saved = Saved.
manage-sign_in = Sign in
manage-chatwork_id = ID: { $id }
# The languages by their own names: the same in every language.
manage-language-ja = 日本語
manage-language-en = English
manage-length-count-characters = { NUMBER($length) } of { NUMBER($most) } characters
manage-length-count-bytes = { NUMBER($length) } of { NUMBER($most) } bytes (emoji and some other characters take several)
manage-length-over-characters = { $over ->
    [one] { $over } character over the limit.
   *[other] { $over } characters over the limit.
}
manage-length-over-bytes = { $over ->
    [one] { $over } byte over the limit. Emoji and some other characters take several bytes.
   *[other] { $over } bytes over the limit. Emoji and some other characters take several bytes.
}

## Manage Contacts: the frame, and who is not signed in

# The menu behind a plus sign.
manage-frame-menu = Add
manage-frame-add_contact = Add Contact
manage-frame-manage = Manage Contacts
manage-frame-me = { $name }: account
manage-frame-sign_out = Sign out
manage-frame-skip = Skip to main content
manage-welcome-text = Find people on { $product }, respond to contact requests, and invite others by email or link. Sign in to get started.
manage-welcome-ended = Your session has expired. Sign in again to return to this page.
manage-welcome-left = You've signed out of { $product }.
manage-welcome-not_registered = You don't have an account yet
manage-welcome-other = Use another account
manage-welcome-register = You're signed in, but you don't have a { $product } account yet. Sign up to continue.

## Manage Contacts: tabs. The names are those of Chatwork's help page

manage-tab-contacts = Contacts
manage-tab-requests = Requests
manage-tab-search = Search Users
manage-tab-invite = Invite Users
manage-tab-connect = Invite and connect
manage-tab-settings = Settings
# On a narrow screen there is room for so much.
manage-tab-contacts-short = Contacts
manage-tab-requests-short = Requests
manage-tab-search-short = Search
manage-tab-invite-short = Invite
manage-tab-connect-short = Link
# Read out before a number: how many requests.
manage-tab-waiting = pending:
# The heading of a view where it is not the tab's name.
manage-heading-connect = Share link and invite

## Manage Contacts: contacts and blocks

manage-contacts-total = Contacts
manage-contacts-internal = Internal
manage-contacts-external = External
manage-contacts-organization = { $users ->
    [one] { $users } user in { $name }
   *[other] { $users } users in { $name }
}
manage-contacts-organization_limited = { NUMBER($users) } of { NUMBER($limit) } users in { $name }
manage-contacts-filter = Name, organization, ID or email address
manage-contacts-kind = Contacts to show
manage-contacts-kind-all = All
manage-contacts-kind-internal = Internal
manage-contacts-kind-external = External
manage-contacts-since = Added { $date }
manage-contacts-none = No contacts yet
manage-contacts-none-text = Search for people you know, or invite them by email.
manage-contacts-none_found = No contacts found
manage-contacts-none_found-text = Try another keyword: the start of a name, its reading, an organization, a Chatwork ID or an email address.
# Above requests and search results, with a link to those contacts.
manage-contacts-at_limit = You've reached your limit of external contacts ({ $limit }). To add another, remove one first.
manage-contacts-at_limit-show = See external contacts
manage-contacts-remove = Remove
manage-contacts-remove-of = Remove { $name }
manage-contacts-remove-title = Remove { $name } from your contacts?
manage-contacts-remove-text = You'll also be removed from { $name }'s contacts. To reconnect, one of you will need to send a new request.
manage-contacts-removed = { $name } was removed from your contacts.
manage-blocks = Blocked people
manage-blocks-none = You haven't blocked anyone.
manage-blocks-block = Block
manage-blocks-block-of = Block { $name }
manage-blocks-block-title = Block { $name }?
manage-blocks-block-text = { $name } won't be able to find you or send you requests or invitations. They won't be notified. If you're contacts, you'll be removed from each other's contacts.
manage-blocks-blocked = { $name } is blocked.
manage-blocks-unblock = Unblock
manage-blocks-unblock-of = Unblock { $name }
manage-blocks-unblocked = { $name } is no longer blocked.

## Manage Contacts: requests

manage-requests-incoming = Received
manage-requests-outgoing = Sent
manage-requests-sent_on = Sent { $date }
manage-requests-until = Expires { $date }
manage-requests-arrived = { $count ->
    [one] Show { $count } new request
   *[other] Show { $count } new requests
}
manage-requests-no_incoming = No pending requests
manage-requests-no_incoming-text = New contact requests will appear here.
manage-requests-no_outgoing = You have no pending requests
manage-requests-whole = Read more
manage-requests-less = Show less
manage-requests-gone = This request was canceled or has already been answered.
# How a request came about.
manage-origin-search = From search
manage-origin-email_invitation = From an email invitation
manage-origin-share_link-incoming = From your link
manage-origin-share_link-outgoing = From their link
manage-origin-organization = Same organization
manage-accept = Accept
manage-accept-of = Accept { $name }'s request
manage-accept-done = You and { $name } are now contacts.
manage-decline = Decline
manage-decline-of = Decline { $name }'s request
manage-decline-title = Decline { $name }'s request?
manage-decline-text = { $name } won't be notified.
manage-decline-not_now = Not now
manage-decline-not_now-hint = They can send you another request later.
manage-decline-never = Never
manage-decline-never-hint = You won't receive requests from this person again.
manage-decline-block-hint = You won't be able to find or contact each other.
manage-decline-done = { $name }'s request was declined.
manage-cancel = Cancel request
manage-cancel-of = Cancel request to { $name }
manage-cancel-title = Cancel your request to { $name }?
manage-cancel-text = { $name } will no longer see it. You can send another request later.
manage-cancel-done = Your request to { $name } was canceled.

## Manage Contacts: search

manage-search = Search
manage-search-label = Name, Chatwork ID or email address
manage-search-hint = Search by the start of a name or ID, or by full email address.
manage-search-results = Results
manage-search-count = { $count ->
    [one] { $count } person found
   *[other] { $count } people found
}
manage-search-count-more = Showing { NUMBER($count) } people (more available)
manage-search-none = No one found for “{ $text }”
manage-search-invite = Invite { $address }
manage-search-self = That's you
manage-search-self-text = You don't appear in your own results. Others find you as your settings allow.
manage-search-none-text = Check the spelling. You can invite people by email who haven't signed up, or who don't allow others to find them.
# What stands between the one who searches and who is found.
manage-relation-contact = Contact
manage-relation-requested = Request sent
manage-relation-awaiting_me = Wants to connect
# By what somebody was found.
manage-matched-name = Name matches
manage-matched-chatwork_id = Chatwork ID matches
manage-matched-email = Email address matches
manage-ask = Add to Contacts
manage-ask-of = Add to Contacts: { $name }
manage-ask-title = Send { $name } a contact request
manage-ask-message = Message (optional)
manage-ask-send = Send request
manage-outcome-sent = Contact request sent to { $name }.
manage-outcome-already_pending = You've already sent { $name } a request.
manage-outcome-connected = You and { $name } are now contacts.
manage-outcome-already_contact = You're already contacts with { $name }.

## Manage Contacts: invite by email

manage-invite-text = Each address will receive an email with your name ({ $name }) and your message.
manage-invite-addresses = Email addresses
manage-invite-address = Email address { $number }
manage-invite-add_address = Add Invitee Email Address
manage-invite-remove_address = Remove email address { $number }
manage-invite-bulk = Bulk Add
manage-invite-bulk-label = Paste email addresses
manage-invite-bulk-hint = Up to 1,000, separated by commas or new lines. “Name <a@b.example>” works too.
manage-invite-pasted = Several addresses were added to “Paste email addresses”.
manage-invite-message = Message in the email (optional)
manage-invite-message-hint = URLs are shown as text, without a link.
manage-invite-locale = Email language
manage-invite-locale-both = 日本語 + English
manage-invite-check = Check addresses
manage-invite-changed = The addresses changed while they were being checked. Check them again.
manage-invite-send = { $count ->
    [one] Send { $count } invitation
   *[other] Send { $count } invitations
}
manage-preview = Preview email
manage-preview-from = From
manage-preview-subject = Subject
manage-preview-mail = Email
manage-report-checked = Check results
# While the form is edited: the report is on what was there before.
manage-report-before = Check results (before your changes)
manage-report-left = Lines to fix
manage-report-fixed = Changed
manage-report-next = Next line to fix ({ NUMBER($count) } left)
manage-report-at = Line { NUMBER($line) }: { $why }
manage-report-nothing_sent = Nothing has been sent yet.
manage-report-done = Results
manage-report-sending = Sending: { NUMBER($done) } of { NUMBER($total) }
manage-report-all_sent = All sent: { NUMBER($done) } of { NUMBER($total) }
# Read out at each quarter.
manage-report-progress = { $percent ->
    [100] All invitations sent: { NUMBER($total) }.
   *[other] { $percent }% of { NUMBER($total) } invitations sent.
}
manage-report-empty = Enter at least one email address.
manage-report-lines = Results by line
manage-report-unknown = Progress isn't available right now. Retrying…
manage-report-field = Field { $number }
manage-report-line = Line
manage-report-raw = As entered
manage-report-status = Result
manage-report-show_all = Show all { NUMBER($count) } lines
manage-report-fix = { $count ->
    [one] Fix and retry { $count } line
   *[other] Fix and retry { $count } lines
}
manage-report-quota = { NUMBER($left) } of { NUMBER($limit) } invitations left today. Resets { $until }.
# What became of a line; the last parts of these names are the API's.
manage-line-queued = To be sent
manage-line-sent = Sent
manage-line-already_contact = Already a contact
manage-line-already_invited = Already invited
manage-line-duplicate = Duplicate
manage-line-duplicate_of = same as line { NUMBER($line) }
manage-line-duplicate_of_field = same as field { $number }
manage-line-invalid = Invalid
manage-line-invalid_email = Enter a valid email address.
manage-line-self = Your own address
manage-line-over_quota = Daily limit reached

## Manage Contacts: sent invitations

manage-invitations = Sent invitations
manage-invitations-state = Invitations to show
manage-invitations-all = All
manage-invitations-none = No invitations
manage-invitations-none-text = People you invite by email appear here, with the status of each invitation.
manage-invitations-sent_at = Sent { $time }
manage-invitations-created_at = Created { $time }
manage-invitations-again_from = Can be resent from { $time }
manage-invitations-until = Expires { $date }
manage-invitations-resend = Resend
manage-invitations-resend-of = Resend to { $email }
manage-invitations-resent = Invitation resent to { $email }.
manage-invitations-revoke = Revoke
manage-invitations-revoke-of = Revoke the invitation to { $email }
manage-invitations-revoke-title = Revoke the invitation to { $email }?
manage-invitations-revoke-text = Its link stops working immediately, even in emails already sent.
manage-invitations-revoked = The invitation to { $email } was revoked.
manage-state-queued = Queued
manage-state-sent = Sent
manage-state-accepted = Accepted
manage-state-undeliverable = Undeliverable
manage-state-expired = Expired
manage-state-revoked = Revoked

## Manage Contacts: share links

manage-connect-text = Anyone with your link can send you a contact request. Share it in a chat, by email or on a business card.
manage-connect-none = No links yet
# A link without a name of its own.
manage-connect-unnamed = Your invite link
manage-connect-url = Link
manage-connect-copy = Copy link
manage-connect-copied = Link copied.
manage-connect-qr = QR code for { $name }
manage-connect-qr-save = Save QR code
manage-connect-views = Views
manage-connect-uses = Uses
manage-connect-last_used = Last used
manage-connect-never = Never
manage-connect-expiry = Expires
manage-connect-no_expiry = Never
manage-connect-state-on = On
manage-connect-state-expired = Expired
manage-connect-state-used_up = Used up
manage-connect-state-off = Off
manage-connect-dead-off = This link is off. No one can connect with you through it.
manage-connect-dead-expired = This link has expired. No one can connect with you through it. Change its end in the link settings.
manage-connect-dead-used_up = This link has reached its maximum uses. No one else can connect with you through it. Change the maximum in the link settings.
manage-connect-settings = Link settings
manage-connect-new = New link
manage-connect-name = Name
manage-connect-name-hint = Only visible to you.
manage-connect-approval = Approval
manage-connect-approval-owner = I approve each request
manage-connect-approval-owner-hint = Each person sends you a request.
manage-connect-approval-automatic = Connect automatically
manage-connect-approval-automatic-hint = Anyone who presses the button becomes your contact right away.
manage-connect-approval-automatic-warning = Anyone who gets this link, including people you don't know, becomes your contact. Consider setting an expiry and a maximum number of uses.
manage-connect-expires_in_days = Expires after (days)
manage-connect-expires_at = Expires { $time }.
manage-connect-change_expiry = Change
manage-connect-max_uses = Maximum uses
manage-connect-no_limit = Leave empty for no limit.
manage-connect-switch_off = Turn off
manage-connect-switch_on = Turn on
manage-connect-off = Link turned off.
manage-connect-on = Link turned on.
manage-connect-rotate = Reset link
manage-connect-rotate-title = Reset this link?
manage-connect-rotate-text = The current link stops working immediately, wherever you've shared it.
manage-connect-rotated = Link reset.
manage-connect-delete = Delete
manage-connect-delete-title = Delete “{ $name }”?
manage-connect-delete-text = It stops working immediately, and its statistics will be deleted.
manage-connect-deleted = Link deleted.

## Manage Contacts: settings

manage-settings-findable = How people can find me
manage-settings-findable-name = By name
manage-settings-findable-chatwork_id = By Chatwork ID
manage-settings-findable-email = By email address
manage-settings-findable-hint = Your links work even if these are off.
manage-settings-language = Language
manage-settings-language-page = Language of this page
manage-settings-language-page-hint = Saved in this browser.
manage-settings-language-mail = Language of emails to you
manage-settings-language-mail-hint = Saved to your account.
manage-settings-profile = Profile
manage-settings-name = Name
manage-settings-name-hint = Visible to anyone who finds you.
manage-settings-reading = Reading
manage-settings-reading-hint = How your name is pronounced, in kana. People can find you by it too.
manage-settings-chatwork_id = Chatwork ID
manage-settings-chatwork_id-hint = Letters, numbers, - and _. If you change it, your old ID is reserved for 180 days.

## Manage Contacts: what went wrong. The last parts of these names are the API's codes, or the page's own

manage-problem-at_limit = You've reached your external contact limit. Remove a contact and try again.
manage-problem-cannot_accept_now = This can't be accepted right now.
manage-problem-chatwork_id_taken = This Chatwork ID is already taken.
manage-problem-control_character = Remove unsupported characters and try again.
manage-problem-empty = This field is required.
manage-problem-failed = Something went wrong. Please try again.
manage-problem-internal_contact = You can't remove or block someone in your organization.
manage-problem-invalid_chatwork_id = A Chatwork ID can contain only letters, numbers, - and _.
manage-problem-ambiguous_domain = It isn't clear where the part after the @ ends. Put a space or a line end after the address.
manage-problem-ambiguous_local_part = It isn't clear where the address begins. Put a space or a line end before it.
manage-problem-invalid_domain = The part after the @ isn't valid.
manage-problem-invalid_email = Enter a valid email address.
manage-problem-invalid_input = Something you entered isn't valid.
manage-problem-invitation_ended = This invitation has already ended.
manage-problem-invisible = Enter some visible text.
manage-problem-no_clipboard = Your browser doesn't allow this page to copy. Copy the selected link yourself.
manage-problem-no_storage = Your browser doesn't allow this page to store data, so you can't sign in. Allow site data for this page.
manage-problem-non_ascii_local_part = Only letters, numbers and symbols are allowed before the @.
manage-problem-not_found = Not found. It may have been deleted.
manage-problem-not_pending = This request was canceled or has already been answered.
manage-problem-offline = The service can't be reached. Check your connection and try again.
manage-problem-out_of_range = This number is out of range.
manage-problem-still_running = Still processing. Try again in a moment.
manage-problem-taken = Already taken.
manage-problem-timeout = The service took too long to respond. Please try again.
manage-problem-too_large = That's too large to send at once.
manage-problem-too_long = This is too long.
manage-problem-too_many = You can invite up to 1,000 addresses at a time.
manage-problem-too_many_links = You've reached your link limit. Delete a link and try again.
manage-problem-too_short = Enter at least two letters, or one kanji or kana.
manage-problem-too_soon = The last email was sent less than a day ago. Try again later.
manage-problem-unavailable = The service isn't responding. Please try again.
