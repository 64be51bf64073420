//! Share links, and pressing the button behind any link.

mod followed;
mod redeeming;
mod share_links;
