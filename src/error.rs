//! What can go wrong, joined: where, why and what to do, never the value.
