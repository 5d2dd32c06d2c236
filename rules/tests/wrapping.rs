//! A notice that is wrapped in more MIME, encoded otherwise or folded otherwise is read the same.

#![expect(clippy::expect_used, reason = "a test says what it found, and may fail")]
#![expect(clippy::disallowed_methods, reason = "the test reads its mails; the crate reads nothing")]

mod mails;

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rules::{Notice, Reading};

/// The test mails that are text: what is not UTF-8 or has other line ends is written so for that very reason.
fn texts() -> Vec<(PathBuf, String)> {
    let text = |path: PathBuf| {
        let text = String::from_utf8(std::fs::read(&path).expect("a test mail")).ok()?;
        (!text.contains(['\r', '\0'])).then_some((path, text))
    };
    mails::mails().into_iter().filter_map(text).collect()
}

/// A mail or a part of one: its fields, each with its folds, and what stands behind the empty line.
struct Entity<'a> {
    fields: Vec<&'a str>,
    body: &'a str,
}

impl<'a> Entity<'a> {
    /// None where there is no empty line behind the header.
    fn split(text: &'a str) -> Option<Self> {
        let (header, body) =
            text.strip_prefix('\n').map_or_else(|| text.split_once("\n\n"), |body| Some(("", body)))?;
        let mut fields = Vec::new();
        let (mut begin, mut at) = (0, 0);
        for line in header.split_inclusive('\n') {
            if at > begin && !line.starts_with([' ', '\t']) {
                fields.push(header.get(begin..at)?.trim_end_matches('\n'));
                begin = at;
            }
            at += line.len();
        }
        fields.push(header.get(begin..)?);
        fields.retain(|field| !field.is_empty());
        Some(Self { fields, body })
    }

    fn is_mime(field: &str) -> bool {
        let lower = field.to_lowercase();
        lower.starts_with("content-") || lower.starts_with("mime-version:")
    }

    fn value(&self, name: &str) -> Option<String> {
        let value = |field: &&str| {
            let (found, value) = field.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.replace('\n', " ").trim().to_owned())
        };
        self.fields.iter().find_map(value)
    }

    fn boundary(&self) -> Option<String> {
        let content_type =
            self.value("content-type").filter(|value| value.to_lowercase().starts_with("multipart/"))?;
        let (_, rest) = content_type.split_once("boundary=")?;
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
        let boundary = quoted.unwrap_or_else(|| rest.split([';', ' ']).next().unwrap_or(rest));
        self.body.contains(&format!("--{boundary}--")).then(|| boundary.to_owned())
    }

    fn with(&self, fields: &[String], body: &str) -> String {
        let kept: Vec<&str> = self.fields.iter().copied().filter(|field| !Self::is_mime(field)).collect();
        let all: Vec<&str> = kept.into_iter().chain(fields.iter().map(String::as_str)).collect();
        format!("{}\n\n{body}", all.join("\n"))
    }
}

fn base64(text: &str) -> String {
    let encoded = STANDARD.encode(text);
    let lines: Vec<&str> =
        (0..encoded.len()).step_by(76).filter_map(|at| encoded.get(at..encoded.len().min(at + 76))).collect();
    format!("{}\n", lines.join("\n"))
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let mut length = 0;
        for byte in line.bytes() {
            let piece = match byte {
                b'\n' => {
                    out.push('\n');
                    continue;
                }
                b'!'..=b'<' | b'>'..=b'~' => char::from(byte).to_string(),
                other => format!("={other:02X}"),
            };
            if length + piece.len() > 70 {
                out.push_str("=\n");
                length = 0;
            }
            length += piece.len();
            out.push_str(&piece);
        }
    }
    out
}

/// Encodes a text for its transfer.
type Encode = fn(&str) -> String;

/// The mail with each of its texts and report parts in this encoding; none where there is nothing to encode.
fn encoded(mail: &str, name: &str, encode: Encode) -> Option<String> {
    let entity = Entity::split(mail)?;
    let mime = |entity: &Entity<'_>| -> Vec<String> {
        let mut fields: Vec<String> = entity
            .fields
            .iter()
            .filter(|field| Entity::is_mime(field))
            .map(|field| (*field).to_owned())
            .collect();
        fields.retain(|field| !field.to_lowercase().starts_with("content-transfer-encoding:"));
        if fields.is_empty() {
            fields.push("Content-Type: text/plain; charset=utf-8".to_owned());
        }
        fields
    };
    let plain = |entity: &Entity<'_>| {
        let encoding = entity.value("content-transfer-encoding").unwrap_or_default().to_lowercase();
        let media_type =
            entity.value("content-type").unwrap_or_else(|| "text/plain".to_owned()).to_lowercase();
        let leaf = media_type.starts_with("text/") || media_type.starts_with("message/delivery-status");
        leaf && matches!(encoding.as_str(), "" | "7bit" | "8bit")
    };
    let Some(boundary) = entity.boundary() else {
        if !plain(&entity) {
            return None;
        }
        let fields = [mime(&entity), vec![format!("Content-Transfer-Encoding: {name}")]].concat();
        return Some(entity.with(&fields, &encode(entity.body)));
    };
    let delimiter = format!("--{boundary}");
    let mut changed = false;
    let mut out = Vec::new();
    for piece in format!("\n{}", entity.body).split(&format!("\n{delimiter}")) {
        let part = piece.strip_prefix('\n').and_then(Entity::split).filter(plain);
        match part {
            Some(part) => {
                changed = true;
                let own: Vec<&str> =
                    part.fields.iter().copied().filter(|field| !Entity::is_mime(field)).collect();
                let mut fields: Vec<String> = own.into_iter().map(str::to_owned).collect();
                fields.extend(mime(&part));
                fields.push(format!("Content-Transfer-Encoding: {name}"));
                out.push(format!("\n{}\n\n{}", fields.join("\n"), encode(&format!("{}\n", part.body))));
            }
            None => out.push(piece.to_owned()),
        }
    }
    let body = out.join(&format!("\n{delimiter}"));
    let fields = mime(&entity);
    changed.then(|| entity.with(&fields, body.strip_prefix('\n').unwrap_or(&body)))
}

/// The mail as the first part of another multipart, as scanners and gateways put it there to add a line.
fn inside(mail: &str, media_type: &str) -> Option<String> {
    let entity = Entity::split(mail)?;
    let mut inner: Vec<&str> =
        entity.fields.iter().copied().filter(|field| field.to_lowercase().starts_with("content-")).collect();
    if inner.is_empty() {
        inner.push("Content-Type: text/plain; charset=utf-8");
    }
    let body = format!(
        "--outermost\n{}\n\n{}\n--outermost\nContent-Type: text/plain\n\nChecked.\n--outermost--\n",
        inner.join("\n"),
        entity.body
    );
    let fields = ["MIME-Version: 1.0".to_owned(), format!("Content-Type: {media_type}; boundary=outermost")];
    Some(entity.with(&fields, &body))
}

/// The mail with every field of its header folded where it has blanks.
fn folded(mail: &str) -> Option<String> {
    let entity = Entity::split(mail)?;
    let fold = |field: &&str| {
        let Some((name, value)) = field.split_once(": ") else { return (*field).to_owned() };
        let unfolded: Vec<&str> = value.split_whitespace().collect();
        format!("{name}: {}", unfolded.join("\n\t"))
    };
    let fields: Vec<String> = entity.fields.iter().map(fold).collect();
    Some(format!("{}\n\n{}", fields.join("\n"), entity.body))
}

/// What a notice says, without what tells how it came and in which words it was found.
fn said(reading: Reading) -> Option<Notice> {
    let Reading::Notice(mut notice) = reading else { return None };
    notice.recognised_by = String::new();
    // Blanks of a Subject are folds, and what a header was folded by is its writer's.
    notice.outer.subject = notice.outer.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(*notice)
}

fn assert_same(path: &Path, mail: &str, other: &str, how: &str) {
    let (expected, found) = (said(rules::read(mail.as_bytes())), said(rules::read(other.as_bytes())));
    assert_eq!(found, expected, "{} {how}:\n{other}", path.display());
}

#[test]
fn encodings_make_no_difference() {
    let mut count = 0;
    for (path, mail) in texts() {
        let ways: [(&str, Encode); 3] =
            [("base64", base64), ("quoted-printable", quoted_printable), ("8bit", str::to_owned)];
        for (name, encode) in ways {
            let Some(other) = encoded(&mail, name, encode) else { continue };
            assert_same(&path, &mail, &other, name);
            count += 1;
        }
    }
    assert!(count > 200, "most mails can be encoded otherwise: {count}");
}

#[test]
fn more_multiparts_make_no_difference() {
    for (path, mail) in texts() {
        for media_type in ["multipart/mixed", "multipart/signed; protocol=\"application/pgp-signature\""] {
            if let Some(other) = inside(&mail, media_type) {
                assert_same(&path, &mail, &other, media_type);
            }
        }
    }
}

#[test]
fn folds_make_no_difference() {
    for (path, mail) in texts() {
        if let Some(other) = folded(&mail) {
            assert_same(&path, &mail, &other, "folded otherwise");
        }
    }
}
