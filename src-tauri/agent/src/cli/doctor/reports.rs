//! Whether reports could be sent; none is.

use std::io;

use super::{Report, State};
use crate::cli::exit::Exit;
use crate::config::{Account, Config, ReportMode};
use crate::report::Template;
use crate::secret::{self, Keyring};
use crate::smtp;

/// Checks what reports need, where any are switched on.
pub async fn check(config: &Config, keyring: &Keyring, report: &mut Report) -> io::Result<()> {
    let (spamcop, complaints) = (&config.spamcop, &config.complaints);
    if spamcop.mode != ReportMode::Off {
        match secret::submit_code(&spamcop.address, keyring).await {
            Ok(_) => {
                report.add(State::Ok, None, "reports", "SpamCop's address for you is known".to_owned())?
            }
            Err(error) => report.problem(None, "reports", Exit::Usage, error.to_string())?,
        }
        if spamcop.quick {
            let text = "SpamCop reports at once and shows you nothing before: see on www.spamcop.net from time to time that \
                        your mailhosts are still the right ones";
            report.add(State::Hint, None, "reports", text.to_owned())?;
        }
    }
    for file in [&complaints.operator_text, &complaints.injector_text].into_iter().flatten() {
        let read = tokio::fs::read_to_string(file).await.map_err(|error| error.to_string());
        let read = read.and_then(|text| Template::read(&text).map_err(|error| error.to_string()));
        if let Err(error) = read {
            let text = format!("the words of complaints in {} cannot be used: {error}", file.display());
            report.problem(None, "reports", Exit::Usage, text)?;
        }
    }
    if spamcop.mode == ReportMode::Off && !complaints.operator && !complaints.injector {
        return Ok(());
    }
    for account in &config.accounts {
        sending(account, keyring, report).await?;
    }
    Ok(())
}

/// Signs in to the account's server for sending mail.
async fn sending(account: &Account, keyring: &Keyring, report: &mut Report) -> io::Result<()> {
    let Some(server) = &account.smtp else {
        let text = "it has no server for sending mail, so nothing that came to it is reported; write `smtp` into the \
                    configuration";
        return report.problem(Some(account), "reports", Exit::Usage, text.to_owned());
    };
    let credentials = match secret::credentials(account, keyring).await {
        Ok(credentials) => credentials,
        Err(error) => {
            return report.problem(Some(account), "reports", Exit::SignInRefused, error.to_string());
        }
    };
    match smtp::sign_in(server, &credentials).await {
        Ok(()) => {
            report.add(State::Ok, Some(account), "reports", format!("{} lets you send mail", server.host))
        }
        Err(error) => {
            let exit = match error {
                smtp::SubmitError::SignIn { .. } => Exit::SignInRefused,
                smtp::SubmitError::Configuration(_) => Exit::Usage,
                _ => Exit::NoConnection,
            };
            report.problem(Some(account), "reports", exit, error.to_string())
        }
    }
}
