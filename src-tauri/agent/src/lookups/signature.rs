//! DKIM (RFC 6376) of a header that came back in a notice.

use std::collections::BTreeSet;

use mail_auth::common::crypto::{CryptoError, HashAlgorithm};
use mail_auth::{AuthenticatedMessage, DkimResult, Error, MessageAuthenticator};
use rules::judge::LookUp;

/// What a signature must cover to show that this mail was sent, and not another of the same sender.
const COVERED: [&str; 5] = ["from", "to", "subject", "date", "message-id"];
/// More signatures of one's own domain are not checked: real mail has one or two.
const MAX_SIGNATURES: usize = 5;
/// A signature over more fields is not checked.
const MAX_FIELDS: usize = 100;

/// What checking one signature came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checked {
    Verifies,
    Forged,
    /// It could not be checked: no key, no answer, it covers too little, or not all that it covers came back.
    Unsure,
}

/// Whether a signature of one of these domains verifies over the header; false where every one was checked and none does.
///
/// The hash of the body is not compared: what comes back is cut or changed, and the signed header fields alone tell which
/// mail it was; so it is nothing to us either how much of the body was signed (`l=`). A signature that has expired since
/// counts as well: it is asked whether the mail was sent, not whether to take it.
pub async fn verifies(dns: &MessageAuthenticator, header: &[u8], domains: &BTreeSet<String>) -> LookUp<bool> {
    let header = with_crlf(header);
    let Some(mail) = AuthenticatedMessage::parse_with_opts(&header, None, false) else {
        return LookUp::NoAnswer;
    };
    let domain_of = |at: usize| Some((at, mail.dkim_headers.get(at)?.header.d.to_lowercase()));
    let own: Vec<(usize, String)> = (0..mail.dkim_headers.len())
        .filter_map(domain_of)
        .filter(|(_, domain)| domains.contains(domain))
        .collect();
    let found: BTreeSet<&String> = own.iter().map(|(_, domain)| domain).collect();
    // One that cannot even be read was not checked.
    let mut unsure = found.len() < domains.len() || own.len() > MAX_SIGNATURES;
    for (at, _) in own.iter().take(MAX_SIGNATURES) {
        match check(dns, &header, *at).await {
            Checked::Verifies => return LookUp::Answer(true),
            Checked::Forged => {}
            Checked::Unsure => unsure = true,
        }
    }
    if unsure { LookUp::NoAnswer } else { LookUp::Answer(false) }
}

/// Checks one signature of a header.
async fn check(dns: &MessageAuthenticator, header: &[u8], at: usize) -> Checked {
    let Some(mut mail) = AuthenticatedMessage::parse_with_opts(header, None, false) else {
        return Checked::Unsure;
    };
    let Some(mut signed) = mail.dkim_headers.drain(..).nth(at) else { return Checked::Unsure };
    let signature = &mut signed.header;
    let there = |name: &str| {
        mail.headers.iter().filter(|(there, _)| there.eq_ignore_ascii_case(name.as_bytes())).count()
    };
    // Some servers return a choice of the fields: what is gone makes no signature false.
    let returned = signature.h.len() <= MAX_FIELDS
        && COVERED.iter().all(|name| there(name) == 1)
        && signature.h.iter().all(|name| there(name) > 0);
    let covers =
        COVERED.iter().all(|name| signature.h.iter().any(|covered| covered.eq_ignore_ascii_case(name)));
    if !returned || !covers {
        return Checked::Unsure;
    }
    // Whoever checks must not be made to ask for anything but the key.
    (signature.x, signature.r, signature.atps) = (0, false, None);
    mail.body_hashes =
        vec![(signature.cb, HashAlgorithm::from(signature.a), signature.l, signature.bh.clone())];
    mail.dkim_headers = vec![signed];
    let results = dns.verify_dkim(&mail).await;
    match results.iter().find(|result| result.signature().is_some()).map(|result| result.result()) {
        Some(DkimResult::Pass) => Checked::Verifies,
        // What ring says where a signature does not verify, mail-auth passes on as `Library`.
        Some(DkimResult::Fail(Error::Crypto(CryptoError::FailedVerification | CryptoError::Library(_)))) => {
            Checked::Forged
        }
        _ => Checked::Unsure,
    }
}

/// A header with the line ends of a mail on its way, and the empty line behind it.
fn with_crlf(header: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(header.len() + 64);
    for line in header.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        lines.extend_from_slice(line);
        lines.extend_from_slice(b"\r\n");
    }
    lines.extend_from_slice(b"\r\n");
    lines
}
