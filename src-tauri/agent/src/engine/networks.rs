//! Whose network an address is in, by a table on this computer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::IpAddr;
use std::path::Path;

use crate::api::NetworkView;

/// A longer line is none of such a table.
const MAX_LINE: usize = 4_096;
/// The longest name that is shown, in characters.
const MAX_NAME: usize = 100;

/// The networks of these addresses, by a table of lines `first address, last address, AS number, country, name`, separated by
/// tabs, as iptoasn.com gives it out; an address that no line holds is left out.
///
/// The table is read once from its beginning to its end and not kept: it has half a million lines.
///
/// # Errors
/// It cannot be read, or none of its lines is such a line.
pub fn networks(table: &Path, wanted: &BTreeSet<IpAddr>) -> io::Result<BTreeMap<IpAddr, NetworkView>> {
    let (mut found, mut any) = (BTreeMap::new(), false);
    let file = File::open(table)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut file = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        // What goes on behind a line so long is read as others, and is none.
        if file.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let Some((first, last, network)) = read(&line) else { continue };
        any = true;
        // Addresses of the other family sort before or behind all of this one.
        if first <= last && first.is_ipv4() == last.is_ipv4() {
            let inside = wanted.range(first..=last);
            found.extend(inside.filter_map(|address| Some((*address, network.clone()?))));
        }
    }
    if any {
        return Ok(found);
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "none of its lines tells of a network"))
}

/// The range of a line and its network; none of an address range that nobody uses.
fn read(line: &[u8]) -> Option<(IpAddr, IpAddr, Option<NetworkView>)> {
    let line = std::str::from_utf8(line).ok()?;
    let mut fields = line.trim_end_matches(['\r', '\n']).split('\t').map(str::trim);
    let (first, last) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let asn: u32 = fields.next()?.parse().ok()?;
    let country = fields.next().filter(|country| *country != "None").unwrap_or_default();
    let name = fields.next().unwrap_or_default();
    let cut = |text: &str| text.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect::<String>();
    let network = NetworkView { asn, country: cut(country), name: cut(name) };
    Some((first, last, (asn > 0).then_some(network)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(table: &str, addresses: &[&str]) -> io::Result<Vec<(String, u32)>> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ip2asn.tsv");
        std::fs::write(&path, table).expect("it is written");
        let wanted = addresses.iter().map(|ip| ip.parse().expect("an address")).collect();
        let found = networks(&path, &wanted)?;
        Ok(found.into_iter().map(|(ip, network)| (ip.to_string(), network.asn)).collect())
    }

    #[test]
    fn an_address_is_found_in_its_range() {
        let table = "192.0.2.0\t192.0.2.127\t64500\tDE\tEXAMPLE-NET\n\
                     192.0.2.128\t192.0.2.255\t0\tNone\tNot routed\r\n\
                     what is this\n\
                     2001:db8::\t2001:db8::ffff\t64501\tFR\tSIX\n";
        let found = asked(table, &["192.0.2.0", "192.0.2.127", "192.0.2.200", "198.51.100.1", "2001:db8::7"]);
        let expected = [("192.0.2.0", 64500), ("192.0.2.127", 64500), ("2001:db8::7", 64501)]
            .map(|(ip, n)| (ip.to_owned(), n));
        assert_eq!(
            found.expect("the table is read"),
            expected,
            "both ends count, what is not routed is nobody's"
        );
    }

    #[test]
    fn what_is_no_table_is_told() {
        for text in ["", "a,b,c\n", "\0\u{1}\n"] {
            assert!(asked(text, &["192.0.2.1"]).is_err(), "{text:?}");
        }
        let turned = "192.0.2.9\t192.0.2.1\t64500\tDE\tX\n";
        assert_eq!(
            asked(turned, &["192.0.2.5"]).expect("it is read"),
            [],
            "a range the wrong way round holds nothing"
        );
        let mixed = "192.0.2.9\t2001:db8::\t64500\tDE\tX\n";
        assert_eq!(asked(mixed, &["192.0.2.200"]).expect("it is read"), [], "nor one of two families");
    }
}
