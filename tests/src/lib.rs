//! contacts-tests
