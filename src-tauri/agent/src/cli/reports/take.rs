//! Takes a mail in quarantine elsewhere: into a file, onto the clipboard.

use std::io::{self, Write};
use std::path::PathBuf;

use super::super::{
    Context,
    exit::{Exit, Failure},
    output::number,
    reach, unexpected,
};
use crate::api::{RecordId, Request, Response};

/// Forms for pasting take no more (that of SpamCop 50,000), in octets.
const MAX_COPIED: u64 = 1 << 20;

/// Saves a mail in a new file.
pub async fn save(id: String, file: PathBuf, context: &Context) -> Result<Exit, Failure> {
    let path = std::path::absolute(&file).map_err(|error| {
        Failure::new(Exit::Usage, format!("the file {} cannot be written: {error}", file.display()))
    })?;
    match reach::ask(context, Request::Save { id: RecordId(id), path }).await? {
        Response::Accepted => {
            writeln!(io::stdout().lock(), "Saved as {}.", file.display())?;
            Ok(Exit::Done)
        }
        _ => Err(unexpected()),
    }
}

/// Puts a mail on the clipboard, and keeps it there until something else is copied.
pub async fn copy(id: String, context: &Context) -> Result<Exit, Failure> {
    let failed = |why: String| Failure::new(Exit::SomeFailed, format!("the mail cannot be copied: {why}"));
    let folder = context.paths.data_dir.join("copied");
    // What an earlier one left that was ended in between.
    let _ = tokio::fs::remove_dir_all(&folder).await;
    tokio::fs::create_dir_all(&folder).await.map_err(|error| failed(error.to_string()))?;
    let path = folder.join(format!("{}.eml", std::process::id()));
    let saved = reach::ask(context, Request::Save { id: RecordId(id), path: path.clone() }).await;
    let octets = tokio::fs::metadata(&path).await.map(|file| file.len()).unwrap_or_default();
    let read = if octets > MAX_COPIED { Err(None) } else { tokio::fs::read(&path).await.map_err(Some) };
    let _ = tokio::fs::remove_dir_all(&folder).await;
    let Response::Accepted = saved? else { return Err(unexpected()) };
    let octets = read.map_err(|error| match error {
        Some(error) => failed(error.to_string()),
        None => failed("it is larger than 1 MB; save it as a file".to_owned()),
    })?;
    let text = String::from_utf8(octets).map_err(|_| {
        failed(
            "it has octets that are no text, which the clipboard would change; save it as a file".to_owned(),
        )
    })?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} octets are on the clipboard until you copy something else; Ctrl-C ends this.",
        number(text.len() as u64)
    )?;
    out.flush()?;
    drop(out);
    let held = tokio::task::spawn_blocking(move || hold(text)).await;
    held.map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(format!("there is no clipboard here ({error}); save it as a file")))?;
    Ok(Exit::Done)
}

/// Holds a text on the clipboard: where there is no desktop that keeps it, it is gone with whoever copied it.
#[cfg(target_os = "linux")]
fn hold(text: String) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux as _;
    arboard::Clipboard::new()?.set().wait().text(text)
}

#[cfg(not(target_os = "linux"))]
fn hold(text: String) -> Result<(), arboard::Error> {
    arboard::Clipboard::new()?.set_text(text)
}
