//! The relationship between two people: requests, contacts, blocks.

mod blocks;
mod contact_requests;
mod contacts;
