//! One FETCH response (RFC 3501 §7.4.2).

use std::collections::BTreeSet;

use imap_codec::imap_types::fetch::{Macro, MacroOrMessageDataItemNames, MessageDataItemName, Part, Section};

use super::structure;
use super::world::Stored;
use crate::date;
use crate::mail::{body_start, field_name, header_fields};

/// The items of a FETCH, macros expanded.
pub(super) fn items(asked: MacroOrMessageDataItemNames<'_>) -> Vec<MessageDataItemName<'_>> {
    use MessageDataItemName as Item;
    match asked {
        MacroOrMessageDataItemNames::MessageDataItemNames(items) => items,
        MacroOrMessageDataItemNames::Macro(name) => {
            let mut items = vec![Item::Flags, Item::InternalDate, Item::Rfc822Size];
            if name != Macro::Fast {
                items.push(Item::Envelope);
            }
            if name == Macro::Full {
                items.push(Item::Body);
            }
            items
        }
    }
}

/// True if the item sets `\Seen` on a mailbox opened for writing.
pub(super) fn sets_seen(item: &MessageDataItemName<'_>) -> bool {
    use MessageDataItemName as Item;
    match item {
        Item::BodyExt { peek, .. } | Item::Binary { peek, .. } => !peek,
        Item::Rfc822 | Item::Rfc822Text => true,
        _ => false,
    }
}

/// Writes `* n FETCH (…)`; the UID stands in it if asked for or if this is a UID FETCH.
pub(super) fn response(
    sequence: usize,
    uid: u32,
    stored: &Stored,
    items: &[MessageDataItemName<'_>],
    by_uid: bool,
) -> Vec<u8> {
    let mut out = format!("* {sequence} FETCH (").into_bytes();
    let mut first = true;
    if by_uid && !items.contains(&MessageDataItemName::Uid) {
        out.extend_from_slice(format!("UID {uid}").as_bytes());
        first = false;
    }
    for item in items {
        if !first {
            out.push(b' ');
        }
        first = false;
        write_item(&mut out, uid, stored, item);
    }
    out.extend_from_slice(b")\r\n");
    out
}

fn write_item(out: &mut Vec<u8>, uid: u32, stored: &Stored, item: &MessageDataItemName<'_>) {
    use MessageDataItemName as Item;
    let bytes: &[u8] = &stored.mail.bytes;
    let start = || *stored.derived.body_start.get_or_init(|| body_start(bytes));
    match item {
        Item::Uid => out.extend_from_slice(format!("UID {uid}").as_bytes()),
        Item::Flags => {
            out.extend_from_slice(format!("FLAGS ({})", flag_list(&stored.mail.flags)).as_bytes());
        }
        Item::InternalDate => {
            let when = date::imap(stored.mail.internal_date);
            out.extend_from_slice(format!("INTERNALDATE \"{when}\"").as_bytes());
        }
        Item::Rfc822Size => out.extend_from_slice(format!("RFC822.SIZE {}", bytes.len()).as_bytes()),
        Item::Envelope => {
            out.extend_from_slice(b"ENVELOPE ");
            out.extend_from_slice(&structure::envelope(bytes));
        }
        Item::Body | Item::BodyStructure => {
            out.extend_from_slice(if matches!(item, Item::Body) { b"BODY " } else { b"BODYSTRUCTURE " });
            let built = stored.derived.structure.get_or_init(|| structure::body_structure(bytes));
            out.extend_from_slice(built);
        }
        Item::Rfc822 => literal(out, "RFC822", bytes),
        Item::Rfc822Header => literal(out, "RFC822.HEADER", bytes.get(..start()).unwrap_or_default()),
        Item::Rfc822Text => literal(out, "RFC822.TEXT", bytes.get(start()..).unwrap_or_default()),
        Item::BodyExt { section, partial, .. } => {
            let (name, octets) = match section {
                None => (String::new(), Some(bytes.to_vec())),
                Some(Section::Header(None)) => {
                    ("HEADER".to_owned(), bytes.get(..start()).map(<[u8]>::to_vec))
                }
                Some(section) => section_octets(bytes, section),
            };
            match (octets, partial) {
                (None, _) => out.extend_from_slice(format!("BODY[{name}] NIL").as_bytes()),
                (Some(octets), None) => literal(out, &format!("BODY[{name}]"), &octets),
                (Some(octets), Some((from, count))) => {
                    let from = *from as usize;
                    let end = octets.len().min(from.saturating_add(count.get() as usize));
                    literal(out, &format!("BODY[{name}]<{from}>"), octets.get(from..end).unwrap_or_default());
                }
            }
        }
        Item::Binary { .. } | Item::BinarySize { .. } | Item::ModSeq => out.extend_from_slice(b"MODSEQ (1)"),
    }
}

fn section_octets(bytes: &[u8], section: &Section<'_>) -> (String, Option<Vec<u8>>) {
    let numbers = |part: &Part| part.0.as_ref().iter().map(|number| number.get()).collect::<Vec<u32>>();
    // The mail itself, or the message/rfc822 part of this number.
    let within = |part: &Option<Part>| match part {
        None => (String::new(), Some(bytes)),
        Some(part) => {
            let numbers = numbers(part);
            let range = structure::part_range(bytes, &numbers);
            (format!("{}.", dotted(&numbers)), range.and_then(|(_, body, end)| bytes.get(body..end)))
        }
    };
    match section {
        Section::Part(part) => {
            let numbers = numbers(part);
            let range = structure::part_range(bytes, &numbers);
            let octets = range.and_then(|(_, body, end)| bytes.get(body..end));
            (dotted(&numbers), octets.map(<[u8]>::to_vec))
        }
        Section::Mime(part) => {
            let numbers = numbers(part);
            let range = structure::part_range(bytes, &numbers);
            let octets = range.and_then(|(header, body, _)| bytes.get(header..body));
            (format!("{}.MIME", dotted(&numbers)), octets.map(<[u8]>::to_vec))
        }
        Section::Header(part) => {
            let (prefix, message) = within(part);
            let octets = message.and_then(|message| message.get(..body_start(message)));
            (format!("{prefix}HEADER"), octets.map(<[u8]>::to_vec))
        }
        Section::Text(part) => {
            let (prefix, message) = within(part);
            let octets = message.and_then(|message| message.get(body_start(message)..));
            (format!("{prefix}TEXT"), octets.map(<[u8]>::to_vec))
        }
        Section::HeaderFields(part, names) | Section::HeaderFieldsNot(part, names) => {
            let wanted = matches!(section, Section::HeaderFields(..));
            let (prefix, message) = within(part);
            let names: Vec<&[u8]> = names.as_ref().iter().map(AsRef::as_ref).collect();
            let octets = message.map(|message| {
                let mut octets = Vec::new();
                for field in header_fields(message) {
                    let name = field_name(field);
                    if names.iter().any(|asked| asked.eq_ignore_ascii_case(name)) == wanted {
                        octets.extend_from_slice(field);
                    }
                }
                octets.extend_from_slice(b"\r\n");
                octets
            });
            let list = String::from_utf8_lossy(&names.join(&b' ')).into_owned();
            let not = if wanted { "" } else { ".NOT" };
            (format!("{prefix}HEADER.FIELDS{not} ({list})"), octets)
        }
    }
}

fn dotted(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

fn literal(out: &mut Vec<u8>, name: &str, octets: &[u8]) {
    out.extend_from_slice(format!("{name} {{{}}}\r\n", octets.len()).as_bytes());
    out.extend_from_slice(octets);
}

/// The flags as they stand between the parentheses.
pub(super) fn flag_list(flags: &BTreeSet<String>) -> String {
    flags.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
