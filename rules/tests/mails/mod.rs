//! The test mails.

use std::path::{Path, PathBuf};

/// Where each of them lies, in order.
pub fn mails() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder of test mails") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "eml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
