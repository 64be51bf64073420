//! Links: [`share_link`], those of an owner; [`invite_link`], any link opened and redeemed; [`opt_out`], what the
//! unsubscribe link of a mail does.

pub mod invite_link;
pub mod opt_out;
pub mod share_link;
