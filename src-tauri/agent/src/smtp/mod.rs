//! SMTP (RFC 5321), as far as Neversent speaks it itself.

mod probe;

pub use probe::{ProbeError, Probed, probe};
