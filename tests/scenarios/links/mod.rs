//! Share links, and pressing the button behind any link.

mod redeeming;
mod share_links;
