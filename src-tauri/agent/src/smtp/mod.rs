//! SMTP (RFC 5321), as far as Neversent speaks it itself.

mod probe;
mod submit;

pub use probe::{ProbeError, Probed, probe};
pub use submit::{Begun, Offer, Offered, SubmitError, Taken, offer, sign_in};
