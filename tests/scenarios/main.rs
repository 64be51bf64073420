//! What people do, through the HTTP API of the running stack.

mod finding_people;
