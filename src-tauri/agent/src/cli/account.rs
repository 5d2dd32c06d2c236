//! `neversent account`: the secret of an account.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use clap::{Args, Subcommand};
use secrecy::{SecretString, zeroize::Zeroizing};

use super::{
    Context,
    exit::{Exit, Failure},
};
use crate::{
    config::Auth,
    secret::{self, Keyring},
};

/// Store the password of an account in the keyring of the desktop.
#[derive(Debug, Args)]
pub struct AccountCommand {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Store a password: asked for on a terminal, else the first line of standard input
    Password {
        /// The account, by its name in the configuration
        name: String,
    },
}

/// Runs the command.
pub async fn run(arguments: &AccountCommand, context: &Context) -> Result<Exit, Failure> {
    let Action::Password { name } = &arguments.command;
    let config = context.config()?;
    let Some(account) = config.account(name) else {
        let names: Vec<&str> = config.accounts.iter().map(|account| account.name.as_str()).collect();
        let text = format!("there is no account `{name}`; the configuration has: {}", names.join(", "));
        return Err(Failure::new(Exit::Usage, text));
    };
    match &account.auth {
        Auth::Keyring => {}
        Auth::Command(_) => {
            let text = format!(
                "account `{name}` gets its password from a command; write auth = \"keyring\" to store one"
            );
            return Err(Failure::new(Exit::Usage, text));
        }
        Auth::OAuth2 => {
            let error = secret::SecretError::OAuth2 { account: name.clone() };
            return Err(Failure::new(Exit::Usage, error.to_string()));
        }
    }
    let password = read_secret(&format!("Password of {} at {}: ", account.user, account.imap.host))?;
    secret::store_password(name, password, &Keyring::system()).await?;
    let _ = writeln!(io::stderr(), "The keyring has the password of account `{name}` now.");
    Ok(Exit::Done)
}

pub(super) fn read_secret(prompt: &str) -> Result<SecretString, Failure> {
    let failed = |error: io::Error| Failure::new(Exit::SomeFailed, format!("it cannot be read: {error}"));
    let line = if io::stdin().is_terminal() {
        rpassword::prompt_password(prompt).map_err(failed)?
    } else {
        let mut line = Zeroizing::new(String::with_capacity(4_096));
        io::stdin().lock().read_line(&mut line).map_err(failed)?;
        line.trim_end_matches(['\n', '\r']).to_owned()
    };
    if line.is_empty() {
        return Err(Failure::new(Exit::Usage, "it is empty; nothing was stored"));
    }
    Ok(SecretString::from(line))
}
