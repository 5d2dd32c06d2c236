//! Scripted servers that play raw bytes, and a real one.

#[cfg(unix)]
mod dovecot;
mod fetching;
mod folders;
mod idling;
mod losses;
mod moving;
mod script;
mod signing_in;
mod starting;
