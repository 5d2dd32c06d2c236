//! Header fields as they stand in a mail, read leniently (RFC 5322 §2.2, RFC 7103).

use std::borrow::Cow;

use compact_str::CompactString;
use mail_parser::{Addr, HeaderValue, parsers::MessageStream};

use crate::{Address, MailDate, MessageId, message_id, text};

/// More fields than this are not kept: real headers have a few hundred at the very most.
const MAX_FIELDS: usize = 3_000;
/// Fields that there is room for from the beginning.
const USUAL: usize = 16;
/// A value is decoded up to this many bytes.
const MAX_VALUE: usize = 64 * 1024;
/// Encoded words are decoded in so many bytes: a row of broken ones costs their square.
const MAX_WORDS: usize = 8 * 1024;
/// Addresses of one name that are kept.
const MAX_ADDRESSES: usize = 1_000;
/// A field name is at most this long, by RFC 5322 §2.1.1 a line has 998 characters; real names stay below 80.
const MAX_NAME: usize = 100;

/// One header field.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// Its name in lower case.
    pub name: CompactString,
    /// Its value with folds, undecoded, at most [`MAX_VALUE`] bytes.
    pub raw: &'a [u8],
}

impl Field<'_> {
    /// The value as text, unfolded, encoded words left as they are.
    pub fn unfolded(&self) -> Cow<'_, str> {
        unfold(self.raw)
    }

    /// The value with encoded words decoded (RFC 2047) and folds taken out.
    pub fn decoded(&self) -> Cow<'_, str> {
        decode_words(self.raw)
    }
}

/// The header fields of a mail, a returned part or a block of a report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields<'a> {
    /// The fields in their order.
    pub list: Vec<Field<'a>>,
    /// Where the body begins: behind the empty line, or at the end.
    pub body: usize,
    /// The names in the list.
    names: Names,
}

/// Names of fields, as far as to tell which are not among them, as most that are asked for are not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Names(u128);

impl Names {
    /// The bit that stands for a name; some share one.
    fn bit(name: &str) -> u128 {
        let last = name.bytes().next_back().unwrap_or_default();
        1 << ((usize::from(last) + 8 * name.len()) % 128)
    }

    /// Takes a name among them.
    pub fn add(&mut self, name: &str) {
        self.0 |= Self::bit(name);
    }

    /// Whether a name may be among them.
    pub fn may_have(self, name: &str) -> bool {
        self.0 & Self::bit(name) != 0
    }
}

impl<'a> Fields<'a> {
    /// Reads the header of a mail: fields up to the first empty line behind the first field.
    pub fn read(bytes: &'a [u8]) -> Self {
        Self::read_from(bytes, true)
    }

    /// Reads the header of a MIME part: fields up to the first empty line, which may be the first line.
    pub fn read_part(bytes: &'a [u8]) -> Self {
        Self::read_from(bytes, false)
    }

    fn read_from(bytes: &'a [u8], skip_empty: bool) -> Self {
        let mut fields = Self { list: Vec::with_capacity(USUAL), body: bytes.len(), ..Self::default() };
        let mut open: Option<(CompactString, usize, usize)> = None;
        let mut at = 0;
        let mut first = skip_empty;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = rest.get(..length).unwrap_or(rest);
            let next = at + length;
            let content = trim_end(line);
            // A line of blanks alone is a fold (RFC 5322 §3.2.2); spam filters write such lines in their reports.
            if matches!(line, b"\n" | b"\r\n" | b"\r") || (content.is_empty() && open.is_none()) {
                // Servers and exports put empty lines before the header; a header begins with its first field.
                if first {
                    at = next;
                    continue;
                }
                fields.body = next;
                break;
            }
            if matches!(content.first(), Some(b' ' | b'\t')) && open.is_some() {
                if let Some(field) = open.as_mut() {
                    field.2 = next;
                }
            } else if let Some((name, value_at)) = field_name(content) {
                fields.close(open.take(), bytes);
                open = Some((name, at + value_at, next));
                first = false;
            } else {
                // An mbox "From " line or a stray line: RFC 7103 §7.2 has readers go on behind it.
                fields.close(open.take(), bytes);
                first = first && content.starts_with(b"From ");
            }
            at = next;
        }
        fields.close(open.take(), bytes);
        fields
    }

    fn close(&mut self, open: Option<(CompactString, usize, usize)>, bytes: &'a [u8]) {
        let Some((name, from, to)) = open else { return };
        if self.list.len() < MAX_FIELDS {
            let raw = bytes.get(from..to.min(from.saturating_add(MAX_VALUE))).unwrap_or_default();
            self.names.add(&name);
            self.list.push(Field { name, raw });
        }
    }

    /// No fields, in front of a body that begins here.
    pub fn none(body: usize) -> Self {
        Self { body, ..Self::default() }
    }

    /// The fields of a name, which is given in lower case.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.asked_for(name).iter().filter(move |field| field.name == name)
    }

    /// The first field of a name.
    pub fn first(&self, name: &str) -> Option<&Field<'a>> {
        self.asked_for(name).iter().find(|field| field.name == name)
    }

    /// The fields among which those of a name are; none where there are none of it.
    fn asked_for(&self, name: &str) -> &[Field<'a>] {
        if self.names.may_have(name) { &self.list } else { &[] }
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// The unfolded value of the first field of a name in lower case; empty where there is none.
    pub fn lower(&self, name: &str) -> String {
        self.first(name).map(|field| field.unfolded().to_lowercase()).unwrap_or_default()
    }

    /// The decoded value of the first field of a name.
    pub fn decoded(&self, name: &str) -> Option<Cow<'_, str>> {
        self.first(name).map(Field::decoded)
    }

    /// Every address in the fields of a name.
    pub fn addresses(&self, name: &str) -> Vec<Address> {
        let mut found = Vec::new();
        for field in self.all(name) {
            append(&mut found, addresses_in(field.raw));
            if found.len() >= MAX_ADDRESSES {
                break;
            }
        }
        found.truncate(MAX_ADDRESSES);
        found
    }

    /// Every message id in the fields of a name.
    pub fn ids(&self, name: &str) -> Vec<MessageId> {
        let mut found = Vec::new();
        for field in self.all(name) {
            append(&mut found, message_id::ids_in(&lossy(field.raw)));
        }
        found
    }

    /// The Date.
    pub fn date(&self) -> Option<MailDate> {
        self.first("date").and_then(|field| MailDate::read(&field.unfolded()))
    }
}

/// Puts more behind what there is; mostly there is nothing yet.
fn append<T>(found: &mut Vec<T>, more: Vec<T>) {
    if found.is_empty() {
        *found = more;
    } else {
        found.extend(more);
    }
}

/// The name that a line begins with, in lower case, and where its value begins.
fn field_name(line: &[u8]) -> Option<(CompactString, usize)> {
    let near = line.get(..MAX_NAME).unwrap_or(line);
    let length = near.iter().position(|b| *b == b':' || !b.is_ascii_graphic()).unwrap_or(near.len());
    let (name, rest) = line.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    // Old software puts blanks before the colon (RFC 5322 §4.5).
    let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let colon = length + blanks;
    (rest.get(blanks) == Some(&b':') && colon < MAX_NAME).then_some(())?;
    let mut name = CompactString::from_utf8(name).ok()?;
    name.make_ascii_lowercase();
    Some((name, colon + 1))
}

/// The line without its end and the white space before it.
pub(crate) fn trim_end(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

/// Bytes as text; what is no UTF-8 becomes replacement characters.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    // Asked first: to look for what is no UTF-8 costs several times as much.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A value with its folds taken out.
fn unfold(raw: &[u8]) -> Cow<'_, str> {
    let raw = raw.trim_ascii();
    // Most fields are one line.
    if memchr::memchr3(b'\r', b'\n', b'\0', raw).is_none() {
        return match lossy(raw) {
            Cow::Borrowed(text) => Cow::Borrowed(text::trim(text)),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
    }
    let text = lossy(raw);
    let mut unfolded = String::with_capacity(text.len());
    let mut rest = &*text;
    while !rest.is_empty() {
        let end = memchr::memchr2(b'\r', b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = text::trim(rest.get(..end).unwrap_or_default());
        if !unfolded.is_empty() && !line.is_empty() {
            unfolded.push(' ');
        }
        unfolded.push_str(line);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    if memchr::memchr(b'\0', raw).is_some() {
        unfolded.retain(|c| c != '\0');
    }
    Cow::Owned(unfolded)
}

/// A value that ends with a newline, as the parsers of fields ask for.
pub(crate) fn ended(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.ends_with(b"\n") { Cow::Borrowed(raw) } else { Cow::Owned([raw, b"\n"].concat()) }
}

/// A value with encoded words decoded (RFC 2047) and folds taken out.
pub(crate) fn decode_words(raw: &[u8]) -> Cow<'_, str> {
    let raw = raw.get(..MAX_WORDS).unwrap_or(raw);
    if !has_words(raw) {
        return unfold(raw);
    }
    let decoded = match MessageStream::new(&ended(raw)).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    };
    Cow::Owned(unfold(decoded.as_bytes()).into_owned())
}

/// Whether a value may hold an encoded word (RFC 2047 §2).
fn has_words(raw: &[u8]) -> bool {
    memchr::memchr_iter(b'=', raw).any(|at| raw.get(at + 1) == Some(&b'?'))
}

/// Every address in a value (RFC 5322 §3.4), groups included.
pub(crate) fn addresses_in(raw: &[u8]) -> Vec<Address> {
    one_address(raw).map_or_else(|| parsed_addresses(raw), |address| vec![address])
}

fn parsed_addresses(raw: &[u8]) -> Vec<Address> {
    let read = |addr: &Addr<'_>| addr.address.as_deref().and_then(Address::new);
    let found: Vec<Address> = match MessageStream::new(&ended(raw)).parse_address() {
        HeaderValue::Address(addresses) => addresses.iter().filter_map(read).collect(),
        _ => Vec::new(),
    };
    if found.is_empty() { Address::new(&unfold(raw)).into_iter().collect() } else { found }
}

/// The address of a value that is `ada@example.org` or `Ada <ada@example.org>` and has nothing that would ask for more
/// reading, as most have not.
fn one_address(raw: &[u8]) -> Option<Address> {
    let value = text::trim(std::str::from_utf8(raw.trim_ascii()).ok()?);
    let address = match value.strip_suffix('>') {
        Some(rest) => {
            let (name, address) = text::rsplit_once(rest, b'<')?;
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'\'' | b'"');
            name.bytes().all(plain).then_some(address)?
        }
        None => value,
    };
    Address::plain(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As mail-parser reads it, whether there is an encoded word in it or not.
    fn by_the_parser(raw: &[u8]) -> String {
        let ended = [raw, b"\n"].concat();
        match MessageStream::new(&ended).parse_unstructured() {
            HeaderValue::Text(text) => unfold(text.as_bytes()).into_owned(),
            _ => String::new(),
        }
    }

    #[test]
    fn a_value_without_encoded_words_reads_as_the_parser_reads_it() {
        let values: [&[u8]; 14] = [
            b"",
            b"   ",
            b" plain words",
            b"\ttwo  blanks\t",
            b" a fold\r\n of it\r\n\tand another",
            b" a fold\n\tof it",
            b" equals = and ? and = ?",
            b" ends with =",
            b" gr\xc3\xbc\xc3\x9fe",
            b" not utf-8: \xe9t\xe9",
            b" a\0b",
            b" lone\rreturn",
            b" \xc2\xa0hard blanks\xc2\xa0",
            b" \r\n \r\n behind empty folds",
        ];
        for value in values {
            assert_eq!(decode_words(value), by_the_parser(value), "{:?}", String::from_utf8_lossy(value));
        }
    }

    #[test]
    fn an_address_alone_reads_as_the_parser_reads_it() {
        let values: [&[u8]; 12] = [
            b" ada@example.org\r\n",
            b" <Ada@Example.org>\r\n",
            b" Ada Lovelace <ada@example.org>\r\n",
            b" \"Ada Lovelace\" <ada@example.org>\n",
            b" \"Lovelace, Ada\" <ada@example.org>\n",
            b" \"unclosed <ada@example.org>\n",
            b" O'Brien <ada@example.org>\n",
            b" Ada\r\n <ada@example.org>\r\n",
            b" Ada (the first) <ada@example.org>\n",
            b" a <ada@example.org> <bob@example.org>\n",
            b" ada@example.org, bob@example.org\n",
            b" Friends: ada@example.org;\n",
        ];
        let mut alone = 0;
        for value in values {
            let Some(one) = one_address(value) else { continue };
            alone += 1;
            assert_eq!(parsed_addresses(value), [one], "{:?}", String::from_utf8_lossy(value));
        }
        assert_eq!(alone, 6, "what is an address alone needs no parser");
    }

    #[test]
    fn encoded_words_are_decoded() {
        for (value, expected) in [
            (" =?utf-8?q?gr=C3=BC=C3=9Fe?=", "grüße"),
            (" x =?iso-8859-1?b?6Q==?=\r\n =?iso-8859-1?b?6Q==?=", "x éé"),
            (" =? is no word", "=? is no word"),
        ] {
            assert_eq!(decode_words(value.as_bytes()), expected, "{value:?}");
        }
    }
}
