use std::{path::PathBuf, sync::Arc, time::Duration};

use keyring_core::{CredentialStore, Error, mock};
use secrecy::ExposeSecret as _;

use super::*;
use crate::config::{Config, Paths};

const SECOND: Duration = Duration::from_secs(1);

fn account(auth: &str) -> Account {
    let text = format!(
        "version = 1\n[[account]]\nname = \"home\"\naddress = \"ada@example.org\"\n\
         imap = {{ host = \"imap.example.org\" }}\nauth = {auth}\n"
    );
    let config = Config::parse(&text, std::path::Path::new("config.toml")).expect("a configuration");
    config.accounts.into_iter().next().expect("an account")
}

fn open_keyring() -> Keyring {
    let store: Arc<CredentialStore> = mock::Store::new().expect("a store");
    Keyring::with(Arc::new(move || Ok(Arc::clone(&store))), SECOND)
}

fn keyring_failing(error: fn() -> Error) -> Keyring {
    Keyring::with(Arc::new(move || Err(error())), SECOND)
}

fn absent() -> Keyring {
    keyring_failing(|| Error::NoDefaultStore)
}

/// A keyring whose prompt nobody answers.
fn locked() -> Keyring {
    Keyring::with(
        Arc::new(|| {
            std::thread::park_timeout(Duration::from_secs(5));
            Err(Error::NoDefaultStore)
        }),
        Duration::from_millis(50),
    )
}

fn data_dir() -> (tempfile::TempDir, Paths) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths = Paths { config: PathBuf::new(), data_dir: folder.path().to_owned() };
    (folder, paths)
}

async fn password(auth: &str, keyring: &Keyring) -> Result<String, String> {
    match credentials(&account(auth), keyring).await {
        Ok(Credentials::Password { password, .. }) => Ok(password.expose_secret().to_owned()),
        Ok(other) => panic!("only passwords so far: {other:?}"),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn a_command_gives_the_first_line_and_needs_no_keyring() {
    let cases = [
        ("printf 'one two\\nthree\\n'", Ok("one two")),
        ("printf 'carriage\\r\\n'", Ok("carriage")),
        ("printf unended", Ok("unended")),
        ("echo wrong >&2; echo more >&2; exit 3", Err("said: wrong")),
        ("false", Err("exit status: 1")),
        ("true", Err("printed no password")),
        ("printf '\\377\\n'", Err("printed no password")),
        ("/nonexistent/program", Err("not found")),
    ];
    for (command, expected) in cases {
        let auth = format!("{{ command = '''{command}''' }}");
        let found = password(&auth, &absent()).await;
        match (expected, &found) {
            (Ok(expected), Ok(found)) => assert_eq!(found, expected, "{command}"),
            (Err(part), Err(error)) => {
                assert!(error.contains(part) && error.contains("`home`"), "{command}: {error} names {part}");
            }
            _ => panic!("{command}: {found:?}"),
        }
    }
}

#[tokio::test]
async fn an_endless_command_is_cut_off() {
    let error = command::first_line("exec yes word", SECOND).await.expect_err("its pipe is closed under it");
    assert!(matches!(error, command::CommandError::Failed { .. }), "{error}");
}

#[tokio::test]
async fn a_command_that_hangs_is_ended() {
    let error = command::first_line("exec sleep 60", Duration::from_millis(50)).await.expect_err("too slow");
    assert!(matches!(error, command::CommandError::TooSlow { .. }), "{error}");
}

#[tokio::test]
async fn the_keyring_keeps_passwords() {
    let keyring = open_keyring();
    let missing = password("\"keyring\"", &keyring).await.expect_err("none is stored");
    assert!(missing.contains("neversent account password home"), "{missing} names the remedy");
    store_password("home", "secret".into(), &keyring).await.expect("stored");
    assert_eq!(password("\"keyring\"", &keyring).await.as_deref(), Ok("secret"), "the stored one");
}

#[tokio::test]
async fn a_locked_keyring_is_not_an_empty_one() {
    let keyring = locked();
    for _ in 0..2 {
        let error = credentials(&account("\"keyring\""), &keyring).await.expect_err("locked");
        assert!(error.is_temporary() && error.to_string().contains("is locked"), "{error}");
    }
    let error = credentials(&account("\"keyring\""), &absent()).await.expect_err("absent");
    assert!(error.is_temporary() && error.to_string().contains("no keyring"), "{error}");
}

#[tokio::test]
async fn oauth2_is_refused_with_the_remedy() {
    let error = password("\"oauth2\"", &open_keyring()).await.expect_err("not yet");
    assert!(error.contains("app password") && error.contains("command"), "{error}");
}

#[tokio::test]
async fn the_index_key_stays_the_same() {
    let (_folder, paths) = data_dir();
    let keyring = open_keyring();
    let first = IndexKey::of(&paths, &keyring).await.expect("made");
    let second = IndexKey::of(&paths, &keyring).await.expect("found");
    assert_eq!(first.expose(), second.expose(), "from the keyring");
    assert_ne!(first.expose(), &[0; 32], "it is random");
    assert!(!paths.key().exists(), "no file where there is a keyring");
}

#[tokio::test]
async fn without_a_keyring_the_key_is_in_a_private_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_folder, paths) = data_dir();
    let first = IndexKey::of(&paths, &absent()).await.expect("made");
    let mode = std::fs::metadata(paths.key()).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
    let second = IndexKey::of(&paths, &open_keyring()).await.expect("found");
    assert_eq!(first.expose(), second.expose(), "the file wins over a keyring that came later");
    std::fs::write(paths.key(), "short").expect("damaged");
    let error = IndexKey::of(&paths, &absent()).await.expect_err("no key");
    assert!(matches!(error, IndexKeyError::Damaged { .. }), "{error}: a damaged key is not replaced unasked");
}

#[tokio::test]
async fn a_keyring_that_is_locked_or_gone_is_waited_for() {
    let (_folder, paths) = data_dir();
    let error = IndexKey::of(&paths, &locked()).await.expect_err("locked");
    assert!(error.is_temporary() && !paths.key().exists(), "{error}: no second key is made");
    std::fs::write(paths.index_meta(), "an index").expect("a sidecar");
    let error = IndexKey::of(&paths, &absent()).await.expect_err("gone");
    assert!(error.is_temporary() && !paths.key().exists(), "{error}: the index has another key already");
}
