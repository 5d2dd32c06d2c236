//! The addresses of backscatterers, as mail servers read them.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::IpAddr;

use super::List;
use crate::api::SourceView;
use crate::store::Role;

/// What a backscatterer is told when its notice is refused: what is wrong with it, and how that is mended.
const REFUSED: &str = "Your server answers mail with forged senders. Refuse unwanted mail and unknown recipients during \
                       SMTP instead of answering later";

/// The list of backscatterers at backscatterer.org, to be asked for mail with a null sender alone ("safe mode").
const BLOCK_LIST: &str = "ips.backscatterer.org";

/// The addresses of backscatterers, without repeats.
pub(super) fn addresses(sources: &[SourceView]) -> BTreeSet<IpAddr> {
    sources
        .iter()
        .filter(|source| source.role == Role::Backscatterer)
        .filter_map(|source| source.ip)
        .collect()
}

/// Prints them in a form.
pub(super) fn write(out: &mut impl Write, form: List, addresses: &BTreeSet<IpAddr>) -> io::Result<()> {
    match form {
        List::Ips => addresses.iter().try_for_each(|ip| writeln!(out, "{ip}")),
        List::Postfix => postfix(out, addresses),
        List::Exim => exim(out, addresses),
        List::Sieve => sieve(out, addresses),
    }
}

fn prefix(ip: &IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn postfix(out: &mut impl Write, addresses: &BTreeSet<IpAddr>) -> io::Result<()> {
    write!(
        out,
        "# Refuses notices, mail with a null sender, of servers that answer forged mail. Their other mail is taken.\n\
         #\n\
         # In main.cf, the last line before anything that accepts mail:\n\
         #   smtpd_restriction_classes = notices_of_backscatterers\n\
         #   notices_of_backscatterers =\n\
         #       check_client_access cidr:/etc/postfix/backscatterers\n\
         #       reject_rbl_client {BLOCK_LIST}\n\
         #   smtpd_recipient_restrictions = ...\n\
         #       check_sender_access inline:{{ {{<> = notices_of_backscatterers}} }}\n\
         #\n\
         # The line with {BLOCK_LIST} asks that list of each server that sends you a notice; leave it out if you\n\
         # do not want that. It also lists servers of large providers, whose real bounces are lost with it.\n\
         #\n\
         # /etc/postfix/backscatterers is what follows.\n"
    )?;
    addresses.iter().try_for_each(|ip| writeln!(out, "{ip}/{} REJECT {REFUSED}", prefix(ip)))
}

fn exim(out: &mut impl Write, addresses: &BTreeSet<IpAddr>) -> io::Result<()> {
    write!(
        out,
        "# Refuses notices, mail with a null sender, of servers that answer forged mail. Their other mail is taken.\n\
         #\n\
         # At the beginning of the configuration; /etc/exim4/backscatterers is the list at the end.\n\
         #   hostlist backscatterers = net-iplsearch;/etc/exim4/backscatterers\n\
         #\n\
         # In the ACL of acl_smtp_rcpt, before anything that accepts mail:\n\
         #   deny senders  = :\n\
         #        hosts    = +backscatterers\n\
         #        message  = {REFUSED}\n\
         #   deny senders  = :\n\
         #        dnslists = {BLOCK_LIST}\n\
         #        message  = {REFUSED}\n\
         #\n\
         # The second rule asks {BLOCK_LIST} of each server that sends you a notice; leave it out if you do\n\
         # not want that. It also lists servers of large providers, whose real bounces are lost with it.\n"
    )?;
    // A colon ends a key of a list search, so addresses of IPv6 are quoted (Exim 4.96 specification, 9.3).
    addresses
        .iter()
        .try_for_each(|ip| if ip.is_ipv4() { writeln!(out, "{ip}") } else { writeln!(out, "\"{ip}\"") })
}

fn sieve(out: &mut impl Write, addresses: &BTreeSet<IpAddr>) -> io::Result<()> {
    write!(
        out,
        "# Marks notices of servers that answer forged mail with the keyword $MaybeBackscatter. It moves nothing: such\n\
         # servers send real bounces as well, and only the index of your sent mail can tell them apart.\n\
         require [\"imap4flags\"];\n\n"
    )?;
    if addresses.is_empty() {
        return writeln!(out, "# None is known yet.");
    }
    writeln!(out, "if allof (header :is \"Return-Path\" [\"\", \"<>\"],")?;
    writeln!(out, "          header :contains \"Received\" [")?;
    // Postfix and others write an address of IPv6 as it stands in HELO (RFC 5321 §4.1.3).
    let forms = |ip: &IpAddr| match ip {
        IpAddr::V4(_) => vec![format!("[{ip}]")],
        IpAddr::V6(_) => vec![format!("[{ip}]"), format!("[IPv6:{ip}]")],
    };
    let quoted: Vec<String> = addresses.iter().flat_map(forms).map(|ip| format!("    \"{ip}\"")).collect();
    writeln!(out, "{}", quoted.join(",\n"))?;
    writeln!(out, "])\n{{\n    addflag \"$MaybeBackscatter\";\n}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(form: List) -> String {
        let addresses = ["192.0.2.7", "2001:db8::7"].map(|ip| ip.parse().expect("an address")).into();
        let mut out = Vec::new();
        write(&mut out, form, &addresses).expect("it is written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn each_form_names_each_address() {
        assert_eq!(text(List::Ips), "192.0.2.7\n2001:db8::7\n", "as they are");
        for line in ["192.0.2.7/32 REJECT Your server", "2001:db8::7/128 REJECT Your server"] {
            assert!(text(List::Postfix).contains(line), "{line} for Postfix");
        }
        for line in ["\n192.0.2.7\n", "\n\"2001:db8::7\"\n", "deny senders  = :"] {
            assert!(text(List::Exim).contains(line), "{line} for Exim");
        }
        for line in ["\"[192.0.2.7]\"", "\"[IPv6:2001:db8::7]\"", "addflag"] {
            assert!(text(List::Sieve).contains(line), "{line} in Sieve");
        }
    }
}
