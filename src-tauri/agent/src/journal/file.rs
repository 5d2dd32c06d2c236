//! The journal's file.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Entry;

/// A line's place in the journal: its first byte, counted from the start of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

/// Hexadecimal digits of the checksum before each entry: 64 bits of BLAKE3.
const CHECKSUM: usize = 16;
/// The longest line that is read back, in bytes; a longer one is damage.
const LONGEST_LINE: u64 = 4 << 20;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("the journal {path} cannot be {doing}: {source}; is the disk full or read-only?")]
    Io {
        /// The file.
        path: PathBuf,
        /// What failed: read, written, opened.
        doing: &'static str,
        /// The system's answer.
        source: io::Error,
    },
}

/// A journal just opened.
#[derive(Debug)]
pub struct Opened {
    /// The journal.
    pub journal: Journal,
    /// Lines in the middle of the file that could not be read; they are left in place.
    pub damaged: usize,
    /// Whether the last line was cut off by a crash and has been taken off.
    pub torn: bool,
}

/// The journal; clones share one file.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
    file: Arc<Mutex<Writer>>,
    /// Held by whoever writes entries and carries them over to the store.
    order: Arc<Mutex<()>>,
}

#[derive(Debug)]
struct Writer {
    file: File,
    /// Where the next entry goes: the end of the last whole line.
    end: u64,
}

impl Journal {
    /// Opens the journal, or makes an empty one, and takes off a last line that a crash cut short.
    ///
    /// # Errors
    /// The file cannot be opened, read or cut.
    pub fn open(path: &Path) -> Result<Opened, JournalError> {
        let failed = |doing| move |source| JournalError::Io { path: path.to_owned(), doing, source };
        let fresh = !path.exists();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(failed("opened"))?;
        if fresh {
            file.sync_all().map_err(failed("written"))?;
            sync_folder_of(path).map_err(failed("written"))?;
        }
        let length = file.metadata().map_err(failed("read"))?.len();
        let journal = Self {
            path: path.to_owned(),
            order: Arc::default(),
            file: Arc::new(Mutex::new(Writer { file, end: length })),
        };
        let (mut damaged, mut end) = (0, 0);
        journal.each(Offset(0), |_, line, entry| {
            end = line.end;
            if entry.is_none() {
                damaged += 1;
            }
        })?;
        let torn = end < length;
        if torn {
            let mut writer = journal.file.lock().unwrap_or_else(PoisonError::into_inner);
            writer.file.set_len(end).map_err(failed("cut"))?;
            writer.file.sync_all().map_err(failed("written"))?;
            writer.end = end;
        }
        Ok(Opened { journal, damaged, torn })
    }

    /// Does what must not be done by two at once: to write entries, to carry them over to the store, and to note there how far
    /// that has come.
    pub fn in_order<T>(&self, work: impl FnOnce() -> T) -> T {
        let _order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    /// Writes entries and makes them durable before it returns; gives each entry's place.
    ///
    /// # Errors
    /// They could not be written or made durable; none of them counts then.
    pub fn append(&self, entries: &[Entry]) -> Result<Vec<Offset>, JournalError> {
        self.write(entries, true)
    }

    /// Writes entries that may be lost in a crash, because the server's state tells them again: outcomes.
    ///
    /// # Errors
    /// They could not be written.
    pub fn note(&self, entries: &[Entry]) -> Result<Vec<Offset>, JournalError> {
        self.write(entries, false)
    }

    fn write(&self, entries: &[Entry], durable: bool) -> Result<Vec<Offset>, JournalError> {
        let failed = |source| JournalError::Io { path: self.path.clone(), doing: "written", source };
        let mut writer = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut bytes, mut offsets) = (Vec::new(), Vec::with_capacity(entries.len()));
        for entry in entries {
            offsets.push(Offset(writer.end + bytes.len() as u64));
            bytes.extend_from_slice(&line_of(entry).map_err(failed)?);
        }
        let end = writer.end;
        let written = writer
            .file
            .seek(SeekFrom::Start(end))
            .and_then(|_| writer.file.write_all(&bytes))
            .and_then(|()| if durable { writer.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            // What a full disk let through of these lines must not stand before the next ones.
            let _ = writer.file.set_len(end);
            return Err(failed(error));
        }
        writer.end = end + bytes.len() as u64;
        Ok(offsets)
    }

    /// Writes the journal anew with the entries that `keep` says, and `more` behind them; what is damaged goes.
    /// A crash leaves the old journal or the new one. Every place changes.
    ///
    /// # Errors
    /// The new file could not be written; the old one stands.
    pub fn rewrite(&self, mut keep: impl FnMut(&Entry) -> bool, more: &[Entry]) -> Result<(), JournalError> {
        let failed = |source| JournalError::Io { path: self.path.clone(), doing: "written anew", source };
        let new_path = self.path.with_extension("new");
        let mut new = io::BufWriter::new(create(&new_path).map_err(failed)?);
        let (mut end, mut written) = (0_u64, Ok(()));
        let mut put = |entry: &Entry| -> io::Result<()> {
            let line = line_of(entry)?;
            end += line.len() as u64;
            new.write_all(&line)
        };
        self.each(Offset(0), |_, _, entry| {
            if let (Ok(()), Some(entry)) = (&written, entry.filter(&mut keep)) {
                written = put(&entry);
            }
        })?;
        written.and_then(|()| more.iter().try_for_each(put)).map_err(failed)?;
        let file = new.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        let mut writer = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::rename(&new_path, &self.path).map_err(failed)?;
        sync_folder_of(&self.path).map_err(failed)?;
        *writer = Writer { file, end };
        Ok(())
    }

    /// Where the next entry will be written.
    #[must_use]
    pub fn end(&self) -> Offset {
        Offset(self.file.lock().unwrap_or_else(PoisonError::into_inner).end)
    }

    /// Reads the entry at a place; none where the line is damaged.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entry_at(&self, offset: Offset) -> Result<Option<Entry>, JournalError> {
        let failed = |source| JournalError::Io { path: self.path.clone(), doing: "read", source };
        let mut file = File::open(&self.path).map_err(failed)?;
        file.seek(SeekFrom::Start(offset.0)).map_err(failed)?;
        let mut line = Vec::new();
        BufReader::new(file).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(failed)?;
        Ok(parse(&line))
    }

    /// Calls `with` for every whole line from a place on; the entry is none where the line is damaged.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn replay(
        &self,
        from: Offset,
        mut with: impl FnMut(Offset, Option<Entry>),
    ) -> Result<(), JournalError> {
        self.each(from, |offset, _, entry| with(offset, entry))
    }

    fn each(
        &self,
        from: Offset,
        mut with: impl FnMut(Offset, Line, Option<Entry>),
    ) -> Result<(), JournalError> {
        let failed = |source| JournalError::Io { path: self.path.clone(), doing: "read", source };
        let mut file = File::open(&self.path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        file.seek(SeekFrom::Start(from.0)).map_err(failed)?;
        let mut reader = BufReader::new(file);
        let mut at = from.0;
        let mut line = Vec::new();
        while at < length {
            line.clear();
            let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(failed)?;
            let mut end = at + read as u64;
            let entry = parse(&line);
            if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
                // Too long a line is damage of this line alone; what stands behind it is not cut off.
                let Some(skipped) = skip_line(&mut reader).map_err(failed)? else { break };
                end += skipped;
                with(Offset(at), Line { end }, None);
                at = end;
                continue;
            }
            // A line without its end, or the very last one with a wrong sum, is what a crash leaves.
            if read == 0 || line.last() != Some(&b'\n') || (entry.is_none() && end == length) {
                break;
            }
            with(Offset(at), Line { end }, entry);
            at = end;
        }
        Ok(())
    }
}

/// Skips to behind the next line end, and counts the bytes; none where there is no line end.
fn skip_line(reader: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut skipped = 0;
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let found = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let used = found.unwrap_or(bytes.len());
        reader.consume(used);
        skipped += used as u64;
        if found.is_some() {
            return Ok(Some(skipped));
        }
    }
}

struct Line {
    end: u64,
}

fn line_of(entry: &Entry) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(entry)?;
    let mut line = checksum(&json).into_bytes();
    line.push(b' ');
    line.extend_from_slice(&json);
    line.push(b'\n');
    Ok(line)
}

/// An empty file that is its owner's alone.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn parse(line: &[u8]) -> Option<Entry> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, rest) = line.split_at_checked(CHECKSUM)?;
    let json = rest.strip_prefix(b" ")?;
    (sum == checksum(json).as_bytes()).then(|| serde_json::from_slice(json).ok())?
}

fn checksum(json: &[u8]) -> String {
    blake3::hash(json).to_hex().chars().take(CHECKSUM).collect()
}

/// Makes a new file's name durable: fsync of a file says nothing about its entry in the folder (fsync(2)).
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Fingerprint, RecordId};

    fn gone(record: u64) -> Entry {
        Entry::Gone { record: RecordId(record) }
    }

    fn entries(journal: &Journal) -> Vec<Option<Entry>> {
        let mut all = Vec::new();
        journal.replay(Offset(0), |_, entry| all.push(entry)).unwrap();
        all
    }

    #[test]
    fn what_was_appended_is_there_after_opening_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let written =
            [gone(1), Entry::PutBack { account: "home".into(), fingerprints: vec![Fingerprint([7; 16])] }];
        let offsets = Journal::open(&path).unwrap().journal.append(&written).unwrap();
        let opened = Journal::open(&path).unwrap();
        assert!(!opened.torn && opened.damaged == 0, "nothing is wrong with the file");
        assert_eq!(
            entries(&opened.journal),
            written.clone().map(Some),
            "both entries are read back in order"
        );
        for (offset, entry) in offsets.into_iter().zip(written) {
            let found = opened.journal.entry_at(offset).unwrap();
            assert_eq!(found, Some(entry), "an entry is found at its place");
        }
    }

    #[test]
    fn a_line_cut_short_anywhere_is_taken_off_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path).unwrap().journal;
        let offsets = journal.append(&[gone(1), gone(2)]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in usize::try_from(offsets[1].0).unwrap() + 1..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let opened = Journal::open(&path).unwrap();
            assert!(opened.torn, "the cut at byte {cut} is noticed");
            assert_eq!(entries(&opened.journal), [Some(gone(1))], "the first entry outlives a cut at {cut}");
            opened.journal.append(&[gone(3)]).unwrap();
            assert_eq!(
                entries(&opened.journal),
                [Some(gone(1)), Some(gone(3))],
                "a new entry stands on its own line after a cut at {cut}"
            );
        }
    }

    #[test]
    fn a_line_that_is_too_long_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path).unwrap().journal;
        let many = vec![Fingerprint([255; 16]); 70_000];
        journal
            .append(&[gone(1), Entry::Met { account: "home".into(), fingerprints: many }, gone(3)])
            .unwrap();
        assert!(
            std::fs::metadata(&path).unwrap().len() > LONGEST_LINE,
            "the line is too long to be read back"
        );
        let opened = Journal::open(&path).unwrap();
        assert!(!opened.torn, "it is not taken for a torn end");
        assert_eq!(entries(&opened.journal), [Some(gone(1)), None, Some(gone(3))], "its neighbours are read");
    }

    #[test]
    fn a_journal_written_anew_holds_what_was_kept_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path).unwrap().journal;
        journal.append(&[gone(1), gone(2), gone(3)]).unwrap();
        journal.rewrite(|entry| *entry != gone(2), &[gone(9)]).unwrap();
        journal.append(&[gone(4)]).unwrap();
        let expected = [gone(1), gone(3), gone(9), gone(4)].map(Some);
        assert_eq!(entries(&journal), expected, "kept, added and later entries stand in order");
        assert_eq!(entries(&Journal::open(&path).unwrap().journal), expected, "and after opening again");
    }

    #[test]
    fn a_damaged_line_in_the_middle_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path).unwrap().journal;
        let offsets = journal.append(&[gone(1), gone(2), gone(3)]).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[usize::try_from(offsets[1].0).unwrap() + 30] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let opened = Journal::open(&path).unwrap();
        assert_eq!(opened.damaged, 1, "the damage is counted");
        assert!(!opened.torn, "a damaged line in the middle is no torn end");
        assert_eq!(entries(&opened.journal), [Some(gone(1)), None, Some(gone(3))], "its neighbours are read");
        let damaged = opened.journal.entry_at(offsets[1]).unwrap();
        assert_eq!(damaged, None, "the damaged entry is never returned");
    }
}
