//! Inviting by email: the report, the mails, and what becomes of both.

mod brownouts;
mod by_email;
mod costs;
mod cut_short;
mod invitations;
mod mail;
mod unsubscribing;
