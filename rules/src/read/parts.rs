//! The MIME parts of a mail (RFC 2045, RFC 2046), as far as a notice can be seen in them.
//!
//! A returned mail (`message/rfc822`) is one part here and never entered: what a forwarded mail contains says
//! nothing of the mail that carries it. Multiparts are read in one pass over the lines with a bounded stack,
//! so neither depth nor number of parts costs more than linear time.

use std::borrow::Cow;

use mail_parser::{
    HeaderValue,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder, html::html_to_text,
        quoted_printable::quoted_printable_decode,
    },
    parsers::MessageStream,
};

use crate::fields::{Field, Fields, ended, lossy, trim_end};

/// Multiparts open at the same time; real mail nests less than ten deep.
const MAX_DEPTH: usize = 40;
/// Parts kept; a notice has three to five.
const MAX_PARTS: usize = 400;
/// The header of a part ends after so many bytes at the latest: without the bound, parts without an empty line
/// would each be read to the end of the mail.
const MAX_HEADER: usize = 256 * 1024;
/// Text of a part is read up to so many bytes: a notice says what it has to say far before that.
const MAX_TEXT: usize = 256 * 1024;

/// A part that is no multipart.
#[derive(Debug)]
pub(super) struct Part<'m> {
    /// Its header; none of its own where the mail is one part.
    pub fields: Fields<'m>,
    /// Its media type in lower case, `text/plain` where none is given.
    pub media_type: String,
    charset: Option<String>,
    encoding: Encoding,
    body: &'m [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Identity,
    Base64,
    QuotedPrintable,
}

impl Encoding {
    /// The Content-Transfer-Encoding that a header names (RFC 2045 §6.1).
    fn of(fields: &Fields<'_>) -> Self {
        let named = fields.first("content-transfer-encoding").map(Field::unfolded).unwrap_or_default();
        match &*named {
            named if named.eq_ignore_ascii_case("base64") => Self::Base64,
            named if named.eq_ignore_ascii_case("quoted-printable") => Self::QuotedPrintable,
            _ => Self::Identity,
        }
    }
}

/// The header of a part or multipart, and what it says of the content.
struct Header<'m> {
    fields: Fields<'m>,
    content_type: ContentType,
    encoding: Encoding,
}

/// A mail's own header and its parts.
#[derive(Debug)]
pub(super) struct Parts<'m> {
    /// The mail's header.
    pub fields: Fields<'m>,
    /// The mail's own content type.
    pub content_type: ContentType,
    /// The parts that are no multiparts, in their order.
    pub list: Vec<Part<'m>>,
    /// The media types of all parts and multiparts.
    pub media_types: Vec<String>,
}

/// A Content-Type (RFC 2045 §5).
#[derive(Clone, Debug, Default)]
pub(crate) struct ContentType {
    /// `type/subtype` in lower case.
    pub media_type: String,
    /// `report-type` in lower case (RFC 6522 §3).
    pub report_type: String,
    /// `method` in lower case (RFC 6047 §2.4).
    pub method: String,
    charset: Option<String>,
    boundary: Option<String>,
}

impl ContentType {
    /// The content type that a header names; `text/plain` where it names none.
    pub fn of(fields: &Fields<'_>) -> Self {
        let plain = || Self { media_type: "text/plain".to_owned(), ..Self::default() };
        let Some(field) = fields.first("content-type") else { return plain() };
        let ended = ended(field.raw);
        let HeaderValue::ContentType(read) = MessageStream::new(&ended).parse_content_type() else {
            return plain();
        };
        let subtype = read.subtype().unwrap_or("plain");
        let attribute = |name: &str| read.attribute(name).map(str::to_owned);
        Self {
            media_type: [read.ctype(), "/", subtype].concat().to_ascii_lowercase(),
            report_type: attribute("report-type").unwrap_or_default().to_ascii_lowercase(),
            method: attribute("method").unwrap_or_default().to_ascii_lowercase(),
            charset: attribute("charset"),
            boundary: attribute("boundary")
                .map(|text| text.trim_end().to_owned())
                .filter(|text| !text.is_empty()),
        }
    }
}

impl<'m> Parts<'m> {
    /// Takes a mail apart.
    pub fn read(mail: &'m [u8]) -> Self {
        let fields = Fields::read(mail);
        let content_type = ContentType::of(&fields);
        let encoding = Encoding::of(&fields);
        let mut at = fields.body;
        // The mail's own header is no part's, even where the mail is one part.
        let own = Header { fields: Fields::default(), content_type: content_type.clone(), encoding };
        let mut parts = Self { fields, content_type, list: Vec::new(), media_types: Vec::new() };
        // Boundaries of the open multiparts, outermost first.
        let mut open: Vec<String> = Vec::new();
        let mut entity = Some(own);
        while parts.media_types.len() < MAX_PARTS {
            if let Some(mut header) = entity.take() {
                parts.media_types.push(header.content_type.media_type.clone());
                let boundary = header
                    .content_type
                    .boundary
                    .clone()
                    .filter(|_| header.content_type.media_type.starts_with("multipart/"));
                if let Some(boundary) = boundary.filter(|_| open.len() < MAX_DEPTH) {
                    open.push(boundary);
                    let depth = open.len();
                    let (end, found) = next_boundary(mail, at, &open);
                    // A multipart whose own boundary never comes is read as text.
                    match found {
                        Some(found) if found.level + 1 >= depth => {}
                        _ => {
                            header.content_type.media_type = "text/plain".to_owned();
                            parts.push(header, mail.get(at..end).unwrap_or_default());
                        }
                    }
                    at = end;
                } else {
                    let (end, _) = next_boundary(mail, at, &open);
                    parts.push(header, mail.get(at..end).unwrap_or_default());
                    at = end;
                }
            }
            let (end, Some(found)) = next_boundary(mail, at, &open) else { break };
            debug_assert!(end >= at, "boundaries are searched forwards");
            at = found.behind;
            open.truncate(if found.closes { found.level } else { found.level + 1 });
            if !found.closes {
                let fields = part_header(mail, at);
                at += fields.body;
                let (content_type, encoding) = (ContentType::of(&fields), Encoding::of(&fields));
                entity = Some(Header { fields, content_type, encoding });
            }
        }
        parts
    }

    fn push(&mut self, header: Header<'m>, body: &'m [u8]) {
        let Header { fields, content_type, encoding } = header;
        self.list.push(Part {
            fields,
            media_type: content_type.media_type,
            charset: content_type.charset,
            encoding,
            body,
        });
    }
}

/// The header of the part that begins here; empty where the part begins with an empty line.
fn part_header(mail: &[u8], at: usize) -> Fields<'_> {
    let rest = mail.get(at..).unwrap_or_default();
    let skip = if rest.starts_with(b"\r\n") {
        2
    } else if rest.starts_with(b"\n") {
        1
    } else {
        return Fields::read_part(rest.get(..MAX_HEADER).unwrap_or(rest));
    };
    Fields::none(skip)
}

/// A boundary line.
struct Boundary {
    /// Which of the open multiparts it belongs to.
    level: usize,
    /// Whether it is the closing one.
    closes: bool,
    /// Where the line behind it begins.
    behind: usize,
}

/// The next boundary line of an open multipart: where the part before it ends, and the line itself.
fn next_boundary(mail: &[u8], from: usize, open: &[String]) -> (usize, Option<Boundary>) {
    let mut at = from;
    while !open.is_empty()
        && let Some(rest) = mail.get(at..).filter(|rest| !rest.is_empty())
    {
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        if let Some(tail) = rest.get(..length).unwrap_or_default().strip_prefix(b"--") {
            let tail = trim_end(tail);
            for (level, boundary) in open.iter().enumerate().rev() {
                let closes = match tail.strip_prefix(boundary.as_bytes()) {
                    Some(b"") => false,
                    Some(b"--") => true,
                    _ => continue,
                };
                return (at, Some(Boundary { level, closes, behind: at + length }));
            }
        }
        at += length;
    }
    (mail.len(), None)
}

/// Whether ASCII means itself in a charset, as in nearly all of them.
fn has_ascii(charset: &str) -> bool {
    let charset = charset.to_ascii_lowercase();
    [
        "us-ascii",
        "ascii",
        "utf-8",
        "utf8",
        "iso-8859-",
        "windows-125",
        "koi8-",
        "gb2312",
        "gbk",
        "big5",
        "euc-",
    ]
    .iter()
    .any(|known| charset.starts_with(known))
}

impl<'m> Part<'m> {
    /// The content with its transfer encoding undone (RFC 2045 §6), at most `limit` bytes of it.
    pub fn content(&self, limit: usize) -> Cow<'m, [u8]> {
        // Encoded content is at most about three times as long.
        let encoded = self.body.get(..limit.saturating_mul(3)).unwrap_or(self.body);
        let decoded = match self.encoding {
            Encoding::Identity => None,
            Encoding::Base64 => base64_decode(encoded),
            Encoding::QuotedPrintable => quoted_printable_decode(encoded),
        };
        match decoded {
            Some(mut bytes) => {
                bytes.truncate(limit);
                Cow::Owned(bytes)
            }
            None => Cow::Borrowed(self.body.get(..limit).unwrap_or(self.body)),
        }
    }

    /// The content as text, its charset converted and HTML made plain; at most 256 KiB of it is read.
    pub fn text(&self) -> Cow<'m, str> {
        let bytes = self.content(MAX_TEXT);
        let charset = self.charset.as_deref().filter(|charset| !(bytes.is_ascii() && has_ascii(charset)));
        let text = match (charset.and_then(|charset| charset_decoder(charset.as_bytes())), bytes) {
            (Some(decode), bytes) => Cow::Owned(decode(&bytes)),
            (None, Cow::Borrowed(bytes)) => lossy(bytes),
            (None, Cow::Owned(bytes)) => Cow::Owned(
                String::from_utf8(bytes).unwrap_or_else(|error| lossy(error.as_bytes()).into_owned()),
            ),
        };
        if self.media_type == "text/html" { Cow::Owned(html_to_text(&text)) } else { text }
    }

    /// Whether it is plain or HTML text.
    pub fn is_text(&self) -> bool {
        matches!(self.media_type.as_str(), "text/plain" | "text/html")
    }

    /// Whether it is a returned mail (RFC 2046 §5.2.1, RFC 6532 §3.7).
    pub fn is_returned_mail(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "message/rfc822" | "message/global" | "message/news" | "message/partial"
        )
    }

    /// Whether it holds the header of a returned mail alone (RFC 6522 §4, RFC 6533 §4).
    pub fn is_returned_header(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "text/rfc822-headers"
                | "text/rfc822-header"
                | "message/global-headers"
                | "message/rfc822-headers"
                | "text/rfc822"
        )
    }

    /// Whether it is a delivery report (RFC 3464 §2.1, RFC 6533 §4).
    pub fn is_delivery_status(&self) -> bool {
        matches!(self.media_type.as_str(), "message/delivery-status" | "message/global-delivery-status")
    }

    /// Whether it is a disposition report (RFC 8098 §3.1, RFC 6533 §4).
    pub fn is_disposition(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "message/disposition-notification" | "message/global-disposition-notification"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_multiparts_are_taken_apart() {
        let mail = "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; \
                    boundary=\"b c\"\n\n--b c\n\nplain\n--b c\nContent-Type: text/html\n\n<p>html\n--b c--\nepilogue\n--a\n\
                    Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeQ==\n--a--\n";
        let parts = Parts::read(mail.as_bytes());
        let types: Vec<&str> = parts.media_types.iter().map(String::as_str).collect();
        assert_eq!(
            types,
            ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "message/rfc822"],
            "every part at any depth"
        );
        let texts: Vec<String> = parts.list.iter().map(|part| part.text().trim().to_owned()).collect();
        assert_eq!(texts, ["plain", "html", "Subject: x\n\ny"], "the contents, decoded");
    }

    #[test]
    fn a_multipart_without_its_boundary_is_text() {
        let parts = Parts::read(b"Content-Type: multipart/mixed; boundary=a\n\nnothing follows\n");
        assert_eq!(parts.list.len(), 1, "the body is one part");
        assert_eq!(parts.list[0].text().trim(), "nothing follows", "and its text is kept");
    }

    #[test]
    fn deep_and_broad_mails_are_bounded() {
        let mut deep = String::new();
        for level in 0..10_000 {
            deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
        }
        assert!(Parts::read(deep.as_bytes()).media_types.len() <= MAX_PARTS, "depth is bounded");
        let broad = format!("Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n\nx\n".repeat(100_000));
        assert!(Parts::read(broad.as_bytes()).list.len() <= MAX_PARTS, "breadth is bounded");
    }
}
