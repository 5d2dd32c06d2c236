//! Mail files: single mails, mboxes, Maildirs, folders of these in byte order of path.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use super::mbox::Mbox;

/// What is read of one mail, in bytes; [`rules::read`] looks at no more.
pub const LONGEST: usize = 16 << 20;
/// The longest path in a list, in bytes: `PATH_MAX` of Linux, twice.
const LONGEST_PATH: u64 = 8_192;

/// A mail, or a file that could not be read.
#[derive(Debug)]
pub struct Found<'a> {
    /// The path, as given or found.
    pub path: &'a Path,
    /// The n-th mail of an mbox, else 0.
    pub index: u64,
    /// Its bytes, or why there are none.
    pub mail: Result<&'a [u8], String>,
}

/// Takes what is found; `Break` ends the search.
pub trait Sink: FnMut(Found<'_>) -> ControlFlow<()> {}
impl<F: FnMut(Found<'_>) -> ControlFlow<()>> Sink for F {}

/// Walks through paths; `-` stands for a list of paths on `list`.
pub fn walk(paths: &[PathBuf], list: &mut impl BufRead, sink: &mut impl Sink) -> ControlFlow<()> {
    let mut buffer = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            while let Some(path) = next_path(list) {
                match path {
                    Ok(path) => visit(&path, &mut buffer, sink)?,
                    Err(error) => failed(path_of_list(), error, sink)?,
                }
            }
        } else {
            visit(path, &mut buffer, sink)?;
        }
    }
    ControlFlow::Continue(())
}

fn path_of_list() -> &'static Path {
    Path::new("-")
}

/// The next line that is not empty.
fn next_path(list: &mut impl BufRead) -> Option<io::Result<PathBuf>> {
    loop {
        let mut line = Vec::new();
        match list.take(LONGEST_PATH).read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => return Some(Err(error)),
        }
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        if !line.is_empty() {
            return Some(path_from(line));
        }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other platforms know byte strings that are no paths")]
fn path_from(bytes: Vec<u8>) -> io::Result<PathBuf> {
    Ok(PathBuf::from(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes)))
}

#[cfg(not(unix))]
fn path_from(bytes: Vec<u8>) -> io::Result<PathBuf> {
    String::from_utf8(bytes).map(|text| OsString::from(text).into()).map_err(io::Error::other)
}

fn failed(path: &Path, error: io::Error, sink: &mut impl Sink) -> ControlFlow<()> {
    sink(Found { path, index: 0, mail: Err(error.to_string()) })
}

fn visit(path: &Path, buffer: &mut Vec<u8>, sink: &mut impl Sink) -> ControlFlow<()> {
    match fs::metadata(path) {
        Ok(data) if data.is_dir() => folder(path, buffer, sink),
        Ok(_) => file(path, buffer, sink),
        Err(error) => failed(path, error, sink),
    }
}

/// What lies in a folder, in byte order of path. Links to folders are not followed: they could lead in a circle.
fn folder(path: &Path, buffer: &mut Vec<u8>, sink: &mut impl Sink) -> ControlFlow<()> {
    let is_maildir = path.join("cur").is_dir() && path.join("new").is_dir();
    let mut entries = match children(path, is_maildir) {
        Ok(entries) => entries,
        Err(error) => return failed(path, error, sink),
    };
    entries.sort();
    for (key, is_folder) in entries {
        let name: &Path = Path::new(&key);
        let child = path.join(name);
        if is_folder { folder(&child, buffer, sink)? } else { file(&child, buffer, sink)? }
    }
    ControlFlow::Continue(())
}

/// Names and whether each is a folder. A folder's name ends with `/`, which is where its path goes on: so the order
/// of the names is the order of the paths.
fn children(path: &Path, is_maildir: bool) -> io::Result<Vec<(OsString, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let mut name = entry.file_name();
        let hidden = name.as_encoded_bytes().first() == Some(&b'.');
        let is_folder = entry.file_type()?.is_dir();
        let wanted = match (is_maildir, is_folder) {
            // Maildir++ keeps subfolders beside cur and new, with names that begin with a dot.
            (true, true) => name == "cur" || name == "new" || (hidden && entry.path().join("cur").is_dir()),
            // What else lies in a Maildir is its server's.
            (true, false) => false,
            (false, true) => !hidden,
            // A pipe would be waited for without end; of a link that leads nowhere the reader hears.
            (false, false) => !hidden && fs::metadata(entry.path()).map_or(true, |data| data.is_file()),
        };
        if wanted {
            if is_folder {
                name.push("/");
            }
            entries.push((name, is_folder));
        }
    }
    Ok(entries)
}

fn file(path: &Path, buffer: &mut Vec<u8>, sink: &mut impl Sink) -> ControlFlow<()> {
    let mut from = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) => return failed(path, error, sink),
    };
    let is_mbox = match from.fill_buf() {
        Ok(bytes) => bytes.starts_with(b"From "),
        Err(error) => return failed(path, error, sink),
    };
    if !is_mbox {
        buffer.clear();
        return match from.take(LONGEST as u64).read_to_end(buffer) {
            Ok(_) => sink(Found { path, index: 0, mail: Ok(buffer) }),
            Err(error) => failed(path, error, sink),
        };
    }
    let mut mbox = Mbox::new(from);
    let mut index = 0;
    loop {
        match mbox.next_mail(buffer, LONGEST) {
            Ok(true) => sink(Found { path, index, mail: Ok(buffer) })?,
            Ok(false) => return ControlFlow::Continue(()),
            Err(error) => return sink(Found { path, index, mail: Err(error.to_string()) }),
        }
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_walked_in_byte_order_of_path() {
        let top = tempfile::tempdir().expect("a temporary folder");
        for folder in ["a", "m/cur", "m/new", "m/tmp", "m/.Sent/cur", "m/.Sent/new", ".git"] {
            fs::create_dir_all(top.path().join(folder)).expect("a folder");
        }
        let files = [
            "a.eml",
            "a-b",
            "a/z",
            "a/b",
            "b",
            ".git/x",
            ".hidden",
            "m/dovecot.index",
            "m/cur/2",
            "m/new/1",
            "m/tmp/3",
            "m/.Sent/cur/4",
        ];
        for file in files {
            fs::write(top.path().join(file), "Subject: x\n\n").expect("a file");
        }
        std::os::unix::fs::symlink(top.path(), top.path().join("a/circle")).expect("a link");
        let mut seen = Vec::new();
        let paths = [top.path().to_owned()];
        let _ = walk(&paths, &mut io::empty(), &mut |found: Found<'_>| {
            let path = found.path.strip_prefix(top.path()).expect("below").display().to_string();
            seen.push(if found.mail.is_ok() { path } else { format!("{path} failed") });
            ControlFlow::Continue(())
        });
        let expected = ["a-b", "a.eml", "a/b", "a/z", "b", "m/.Sent/cur/4", "m/cur/2", "m/new/1"];
        assert_eq!(seen, expected, "paths compare byte by byte, a Maildir shows its mail alone");
    }

    #[test]
    fn a_list_names_paths_and_what_fails_is_told() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let mail = top.path().join("mail");
        fs::write(&mail, "Subject: x\n\n").expect("a file");
        let list = format!("{}\r\n\n/nonexistent/file\n", mail.display());
        let mut seen = Vec::new();
        let _ = walk(&[PathBuf::from("-")], &mut list.as_bytes(), &mut |found: Found<'_>| {
            seen.push((found.path.to_owned(), found.mail.is_ok()));
            ControlFlow::Continue(())
        });
        assert_eq!(
            seen,
            [(mail, true), (PathBuf::from("/nonexistent/file"), false)],
            "both lines of the list"
        );
    }
}
