//! The user's own rules: every `.toml` in the folder `rules` beside the configuration.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use rules::{About, RuleFile, RuleProblem, Rules};

/// Bytes of a file of rules at the most: all are held in memory, and the built-in ones together have 40 KB.
const LONGEST: u64 = 1 << 20;

/// The built-in rules and those of a folder, and what is wrong with any of these; the folder may be missing.
///
/// A rule that is not usable is left out, and the others work.
#[must_use]
pub fn load(folder: &Path) -> (Rules, Vec<RuleProblem>) {
    let (files, mut problems) = read(&[folder.to_owned()]);
    let (rules, wrong) = Rules::with_files(&files);
    problems.extend(wrong);
    (rules, problems)
}

/// Checks that files and folders of rules which the user names are there.
///
/// # Errors
/// One is not, in words.
pub fn all_there(paths: &[PathBuf]) -> Result<(), String> {
    match paths.iter().find(|path| !path.exists()) {
        Some(missing) => {
            Err(format!("there is no file or folder {}; name one that holds rules", missing.display()))
        }
        None => Ok(()),
    }
}

/// Reads files of rules, and those of folders in the order of their names; also returns what could not be read.
#[must_use]
pub fn read(paths: &[PathBuf]) -> (Vec<RuleFile>, Vec<RuleProblem>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let mut inside = vec![path.clone()];
        match fs::read_dir(path) {
            Ok(entries) => {
                inside = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
                // Not a pipe, which would be waited for.
                inside.retain(|path| {
                    path.extension().is_some_and(|extension| extension == "toml") && !is_special(path)
                });
                inside.sort();
            }
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            // No folder: a file.
            Err(_) => {}
        }
        for path in inside {
            let name = path.display().to_string();
            match text_of(&path) {
                Ok(text) => files.push(RuleFile { name, text }),
                Err(error) => {
                    let what = format!("the file cannot be read ({error}); its rules are left out");
                    problems.push(RuleProblem { file: name, line: 1, what });
                }
            }
        }
    }
    (files, problems)
}

fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| !file.is_file())
}

/// What the user's rules do to the built-in ones, in words: they take their places, or take them away.
#[must_use]
pub fn replaced(rules: &Rules) -> Vec<String> {
    let mut told = Vec::new();
    for built_in in Rules::built_in().list() {
        match rules.list().find(|about| about.id == built_in.id) {
            None => told.push(format!("the built-in rule `{}` is taken away", built_in.id)),
            Some(About { file: Some(file), .. }) => {
                told.push(format!("the built-in rule `{}` is replaced by one in {file}", built_in.id));
            }
            Some(_) => {}
        }
    }
    told
}

fn text_of(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let read = fs::File::open(path)?.take(LONGEST + 1).read_to_string(&mut text)?;
    if read as u64 > LONGEST {
        return Err(std::io::Error::other("it is longer than 1 MiB; divide it"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_folder_are_read_in_order() {
        let home = tempfile::tempdir().expect("a folder");
        let put = |name: &str, bytes: &[u8]| fs::write(home.path().join(name), bytes).expect("a file");
        put("b.toml", b"[[rule]]\nid = \"mine\"\nkind = \"bounce\"\nsubject = ['^zurueck an absender']\n");
        put("a.toml", b"[[rule]]\nid = \"mine\"\nkind = \"bounce\"\nsubject = ['(']\n");
        put("c.toml", b"\xff\xfe");
        put("notes.txt", b"not a rule");
        let (rules, problems) = load(home.path());
        assert!(rules.list().any(|about| about.id == "mine"), "the one that is valid is used");
        let told: Vec<&str> =
            problems.iter().map(|problem| problem.file.rsplit('/').next().unwrap_or("")).collect();
        assert_eq!(told, ["c.toml", "a.toml"], "the others are told of: {problems:?}");
    }

    #[test]
    fn without_a_folder_there_are_the_built_in_rules() {
        let (rules, problems) = load(Path::new("/nonexistent/rules"));
        assert_eq!(problems, [], "most users have none of their own");
        assert!(rules.list().count() > 35, "the built-in ones are there");
    }
}
