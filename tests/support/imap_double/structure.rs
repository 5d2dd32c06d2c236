//! BODYSTRUCTURE and ENVELOPE (RFC 3501 §7.4.2) from mail-parser's view of a mail.

use std::panic::AssertUnwindSafe;

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// Dovecot's limit; deeper parts are shown as one leaf.
const DEEPEST: usize = 100;

const EMPTY_TEXT: &[u8] = br#"("text" "plain" NIL NIL NIL "7bit" 0 0 NIL NIL NIL NIL)"#;

/// The BODYSTRUCTURE of a mail, with extension data.
pub(super) fn body_structure(bytes: &[u8]) -> Vec<u8> {
    // A mail that the parser can't stand is served all the same: what a client does with it is the test.
    let built = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let message = MessageParser::default().parse(bytes)?;
        let mut out = Vec::new();
        write_part(&mut out, &message, 0, 0);
        Some(out)
    }));
    built.ok().flatten().unwrap_or_else(|| EMPTY_TEXT.to_vec())
}

/// The ENVELOPE of a mail.
pub(super) fn envelope(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match MessageParser::default().parse_headers(bytes) {
        Some(message) => write_envelope(&mut out, &message),
        None => out.extend_from_slice(b"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"),
    }
    out
}

/// A part's octets by its number (RFC 3501 §6.4.5): the MIME header's begin, the body's begin, the end.
pub(super) fn part_range(bytes: &[u8], numbers: &[u32]) -> Option<(usize, usize, usize)> {
    let root = MessageParser::default().parse(bytes)?;
    let mut message = &root;
    let mut id = 0_usize;
    for number in numbers {
        let mut part = message.parts.get(id)?;
        if let PartType::Message(inner) = &part.body {
            message = inner;
            id = 0;
            part = message.parts.first()?;
        }
        match &part.body {
            PartType::Multipart(children) => {
                id = *children.get(usize::try_from(number.checked_sub(1)?).ok()?)? as usize;
            }
            _ if *number == 1 => {}
            _ => return None,
        }
    }
    let part = message.parts.get(id)?;
    Some((part.offset_header as usize, part.offset_body as usize, part.offset_end as usize))
}

fn write_part(out: &mut Vec<u8>, message: &Message<'_>, id: usize, depth: usize) {
    let Some(part) = message.parts.get(id) else {
        out.extend_from_slice(EMPTY_TEXT);
        return;
    };
    let octets =
        message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    match &part.body {
        PartType::Multipart(children) if depth < DEEPEST => {
            out.push(b'(');
            if children.is_empty() {
                out.extend_from_slice(EMPTY_TEXT);
            }
            for child in children {
                write_part(out, message, *child as usize, depth + 1);
            }
            out.push(b' ');
            string(out, part.content_type().and_then(|kind| kind.subtype()).unwrap_or("mixed"));
            out.push(b' ');
            write_parameters(out, part);
            out.push(b' ');
            write_disposition(out, part);
            out.extend_from_slice(b" NIL NIL)");
        }
        PartType::Message(inner) if depth < DEEPEST => {
            out.push(b'(');
            write_leaf(out, part, ("message", "rfc822"), octets.len());
            out.push(b' ');
            write_envelope(out, inner);
            out.push(b' ');
            write_part(out, inner, 0, depth + 1);
            out.extend_from_slice(format!(" {} ", lines(octets)).as_bytes());
            write_end(out, part);
        }
        _ => {
            let kind = part.content_type();
            let main = kind.map_or("text", |kind| kind.ctype());
            let sub = kind.and_then(|kind| kind.subtype()).unwrap_or("plain");
            let (main, sub) = match &part.body {
                PartType::Multipart(_) | PartType::Message(_) => ("application", "octet-stream"),
                _ => (main, sub),
            };
            out.push(b'(');
            write_leaf(out, part, (main, sub), octets.len());
            if main.eq_ignore_ascii_case("text") {
                out.extend_from_slice(format!(" {}", lines(octets)).as_bytes());
            }
            out.push(b' ');
            write_end(out, part);
        }
    }
}

fn write_leaf(out: &mut Vec<u8>, part: &MessagePart<'_>, kind: (&str, &str), size: usize) {
    string(out, kind.0);
    out.push(b' ');
    string(out, kind.1);
    out.push(b' ');
    write_parameters(out, part);
    out.push(b' ');
    nstring(out, part.content_id().map(|id| format!("<{id}>")).as_deref());
    out.push(b' ');
    nstring(out, part.content_description());
    out.push(b' ');
    string(out, part.content_transfer_encoding().unwrap_or("7bit"));
    out.extend_from_slice(format!(" {size}").as_bytes());
}

fn write_parameters(out: &mut Vec<u8>, part: &MessagePart<'_>) {
    let kind = part.content_type();
    let attributes = kind.and_then(|kind| kind.attributes()).unwrap_or_default();
    if attributes.is_empty() {
        let text = kind.is_none_or(|kind| kind.ctype().eq_ignore_ascii_case("text"));
        out.extend_from_slice(if text { br#"("charset" "us-ascii")"# } else { b"NIL" });
        return;
    }
    for (at, attribute) in attributes.iter().enumerate() {
        out.push(if at == 0 { b'(' } else { b' ' });
        string(out, &attribute.name);
        out.push(b' ');
        string(out, &attribute.value);
    }
    out.push(b')');
}

fn write_disposition(out: &mut Vec<u8>, part: &MessagePart<'_>) {
    let Some(disposition) = part.content_disposition() else {
        out.extend_from_slice(b"NIL");
        return;
    };
    out.push(b'(');
    string(out, disposition.ctype());
    out.push(b' ');
    match disposition.attribute("filename") {
        Some(name) => {
            out.extend_from_slice(br#"("filename" "#);
            string(out, name);
            out.push(b')');
        }
        None => out.extend_from_slice(b"NIL"),
    }
    out.push(b')');
}

/// MD5, disposition, language, location.
fn write_end(out: &mut Vec<u8>, part: &MessagePart<'_>) {
    out.extend_from_slice(b"NIL ");
    write_disposition(out, part);
    out.extend_from_slice(b" NIL NIL)");
}

fn write_envelope(out: &mut Vec<u8>, message: &Message<'_>) {
    let raw =
        |name: &str| message.header_raw(name).map(|value| value.replace(['\r', '\n'], "").trim().to_owned());
    out.push(b'(');
    nstring(out, raw("Date").as_deref());
    out.push(b' ');
    nstring(out, raw("Subject").as_deref());
    let from = message.from();
    let fields = [
        from,
        message.sender().or(from),
        message.reply_to().or(from),
        message.to(),
        message.cc(),
        message.bcc(),
    ];
    for field in fields {
        out.push(b' ');
        write_addresses(out, field);
    }
    for name in ["In-Reply-To", "Message-ID"] {
        out.push(b' ');
        nstring(out, raw(name).as_deref());
    }
    out.push(b')');
}

fn write_addresses(out: &mut Vec<u8>, field: Option<&Address<'_>>) {
    let mut any = false;
    for address in field.into_iter().flat_map(|field| field.iter()) {
        out.extend_from_slice(if any { b"(" } else { b"((" });
        any = true;
        nstring(out, address.name());
        out.extend_from_slice(b" NIL ");
        let (local, domain) = address.address().and_then(|text| text.rsplit_once('@')).unwrap_or_default();
        string(out, local);
        out.push(b' ');
        string(out, domain);
        out.push(b')');
    }
    out.extend_from_slice(if any { b")" } else { b"NIL" });
}

fn lines(octets: &[u8]) -> usize {
    octets.iter().filter(|byte| **byte == b'\n').count()
}

fn nstring(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => string(out, text),
        None => out.extend_from_slice(b"NIL"),
    }
}

/// A quoted string, or a literal where that can't be (RFC 3501 §4.3).
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    if text.len() < 900 && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push(b'"');
        for byte in text.bytes() {
            if matches!(byte, b'"' | b'\\') {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(format!("{{{}}}\r\n", text.len()).as_bytes());
        out.extend_from_slice(text.as_bytes());
    }
}
