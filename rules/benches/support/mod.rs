//! The mails that are measured, by kind, and more rules than there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rules::read::media_types;
use rules::triage::Structure;
use rules::{RuleFile, Rules};

/// A mail, and what triage is given of it.
pub struct Mail {
    /// All of it.
    pub bytes: Vec<u8>,
    /// Its header alone.
    pub header: Vec<u8>,
    /// Its parts.
    pub structure: Structure,
}

impl Mail {
    fn new(bytes: Vec<u8>) -> Self {
        let end = |empty: &[u8]| {
            bytes.windows(empty.len()).position(|window| window == empty).map(|at| at + empty.len())
        };
        let behind = end(b"\n\n").into_iter().chain(end(b"\r\n\r\n")).min().unwrap_or(bytes.len());
        let header = bytes.get(..behind).unwrap_or_default().to_vec();
        let structure = Structure { media_types: media_types(&bytes) };
        Self { bytes, header, structure }
    }
}

/// Mails are compared up to this size: beyond it what is attached is all that is measured.
const MAX_SIZE: u64 = 256 * 1024;
/// Mails of one kind.
const MAX_MAILS: usize = 500;

/// Where the mails of each kind lie.
static PATHS: LazyLock<BTreeMap<String, Vec<PathBuf>>> = LazyLock::new(|| {
    let mut paths: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut add = |kind: String, path: PathBuf| {
        let of_kind = paths.entry(kind).or_default();
        if of_kind.len() < MAX_MAILS && path.metadata().is_ok_and(|file| file.len() <= MAX_SIZE) {
            of_kind.push(path);
        }
    };
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for folder in std::fs::read_dir(own).expect("the test mails").flatten() {
        let kind = folder.file_name().to_string_lossy().into_owned();
        for mail in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            if mail.path().extension().is_some_and(|kind| kind == "eml") {
                add(kind.clone(), mail.path());
            }
        }
    }
    if let Ok(corpus) = std::env::var("NEVERSENT_CORPUS") {
        let corpus = Path::new(&corpus);
        let manifest = std::fs::read_to_string(corpus.join("manifest.tsv")).expect("the corpus's manifest");
        for line in manifest.lines().skip(1) {
            let mut columns = line.split('\t');
            if let (Some(path), Some(kind)) = (columns.next(), columns.nth(2)) {
                add(format!("corpus: {kind}"), corpus.join(path));
            }
        }
    }
    paths
});

/// The kinds of mail, by name.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    PATHS.keys().map(String::as_str)
}

/// The mails of a kind.
pub fn read_of(kind: &str) -> Vec<Mail> {
    let paths = PATHS.get(kind).map(Vec::as_slice).unwrap_or_default();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).map(Mail::new).collect()
}

/// Ten times the built-in rules: each nine times more, with patterns and phrases that nothing has.
pub static TEN_TIMES: LazyLock<Rules> = LazyLock::new(|| {
    let mut files = Vec::new();
    for file in
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data")).expect("the rules").flatten()
    {
        let text = std::fs::read_to_string(file.path()).expect("a file of rules");
        let rules: toml::Table = toml::from_str(&text).expect("valid rules");
        for copy in 0..9 {
            let mut rules = rules.clone();
            let Some(toml::Value::Array(list)) = rules.get_mut("rule") else { continue };
            for rule in list.iter_mut().filter_map(toml::Value::as_table_mut) {
                for (key, value) in rule.iter_mut() {
                    match value {
                        toml::Value::String(id) if key == "id" => id.push_str(&format!("_{copy}")),
                        toml::Value::Array(entries) => entries.iter_mut().for_each(|entry| {
                            if let toml::Value::String(entry) = entry {
                                entry.push_str(&format!("zq{copy}"));
                            }
                        }),
                        _ => {}
                    }
                }
            }
            let text = toml::to_string(&rules).expect("rules");
            files.push(RuleFile { name: format!("{copy}-{}", file.file_name().display()), text });
        }
    }
    let (rules, problems) = Rules::with_files(&files);
    assert!(problems.is_empty(), "all can be used: {problems:?}");
    rules
});
