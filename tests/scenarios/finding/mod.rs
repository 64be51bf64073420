//! Finding people.

mod imported_people;
mod people;
mod reindexing;
