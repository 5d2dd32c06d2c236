//! A new account: the servers of its provider, and a first look around.

use std::sync::LazyLock;

use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::Host;
use crate::api::{
    AccountSettings, ApiError, ErrorCode, FolderChoice, Secret, ServerSettings, ServersView, TriedView,
};
use crate::config::only_account;
use crate::engine::{self, Probe, is_inbox, is_sent_folder};
use crate::imap::{Credentials, Security};
use crate::secret;

/// Providers that are known.
static PROVIDERS: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        provider: Vec<Provider>,
    }
    toml::from_str::<File>(include_str!("../../data/providers.toml"))
        .map(|file| file.provider)
        .unwrap_or_default()
});

/// What is known of a provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    name: String,
    domains: Vec<String>,
    imap: String,
    smtp: String,
    /// Whether the server for sending mail wants STARTTLS on port 587.
    #[serde(default)]
    starttls: bool,
    /// Whether one signs in with what stands before the @.
    #[serde(default)]
    local_part: bool,
    /// What the user has to do first, in a sentence.
    first: Option<String>,
}

/// The servers of the provider of an address.
///
/// # Errors
/// It is no address.
pub fn find_servers(address: &str) -> Result<ServersView, ApiError> {
    let address = address.trim();
    let parts = address.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && domain.contains('.'));
    let Some((local, domain)) = parts else {
        let text =
            format!("\u{201c}{address}\u{201d} is no mail address; write it bare, such as ada@example.org");
        return Err(ApiError::new(ErrorCode::BadRequest, text));
    };
    let domain = domain.to_lowercase();
    let Some(provider) = PROVIDERS.iter().find(|provider| provider.domains.contains(&domain)) else {
        return Ok(ServersView {
            provider: None,
            imap: None,
            smtp: None,
            user: address.to_owned(),
            first: None,
        });
    };
    let server =
        |host: &str, port, security| ServerSettings { host: host.to_owned(), port, security, ca_file: None };
    let smtp = match provider.starttls {
        true => server(&provider.smtp, 587, Security::StartTls),
        false => server(&provider.smtp, 465, Security::Tls),
    };
    Ok(ServersView {
        provider: Some(provider.name.clone()),
        imap: Some(server(&provider.imap, 993, Security::Tls)),
        smtp: Some(smtp),
        user: if provider.local_part { local } else { address }.to_owned(),
        first: provider.first.clone(),
    })
}

impl Host {
    /// Signs in once and looks around, changing nothing.
    pub(super) async fn try_account(
        &self,
        settings: AccountSettings,
        password: Option<Secret>,
    ) -> Result<TriedView, ApiError> {
        let account = only_account(&settings, &self.paths.config)?;
        let credentials = match password {
            Some(password) => {
                Credentials::Password { user: account.user.clone(), password: password.expose() }
            }
            None => secret::credentials(&account, &self.keyring).await?,
        };
        if let Credentials::Password { password, .. } = &credentials
            && password.expose_secret().is_empty()
        {
            return Err(ApiError::new(ErrorCode::NoSecret, "the password is empty"));
        }
        let probe = engine::probe(&account, &credentials).await?;
        let problems = problems(&probe, &settings);
        let choice = |entry: &crate::imap::FolderEntry| FolderChoice {
            name: entry.name.display(),
            sent: is_sent_folder(entry),
            inbox: is_inbox(entry),
        };
        Ok(TriedView { folders: probe.folders.iter().map(choice).collect(), problems })
    }
}

/// What will not go well as it is, and what to do.
fn problems(probe: &Probe, settings: &AccountSettings) -> Vec<String> {
    let mut problems = Vec::new();
    let has = |capability: &str| probe.capabilities.iter().any(|known| known == capability);
    if probe.sent.is_empty() {
        problems.push(
            "no folder of sent mail was found; choose the one that your mail program files sent mail in"
                .to_owned(),
        );
    }
    for missing in &probe.missing {
        problems.push(format!("there is no folder \u{201c}{missing}\u{201d}; choose another"));
    }
    if !has("MOVE") && !has("UIDPLUS") && !settings.without_uidplus {
        problems.push(
            "this server cannot move single mails; nothing is moved there unless you allow that a copy is made and the original \
             marked as deleted"
                .to_owned(),
        );
    }
    if probe.full.is_some_and(|percent| percent >= 80) {
        problems
            .push("the mailbox is nearly full; mail that is moved takes as much room as before".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_providers_can_be_read_and_names_none_twice() {
        assert!(PROVIDERS.len() > 15, "many are known: {}", PROVIDERS.len());
        let mut domains: Vec<&String> = PROVIDERS.iter().flat_map(|provider| &provider.domains).collect();
        let all = domains.len();
        domains.sort();
        domains.dedup();
        assert_eq!(domains.len(), all, "each domain is of one provider");
    }

    #[test]
    fn servers_are_found_by_the_domain_of_an_address() {
        let found = find_servers(" Ada@GMX.de ").expect("an address");
        assert_eq!(found.imap.map(|imap| (imap.host, imap.port)), Some(("imap.gmx.net".to_owned(), 993)));
        assert_eq!(found.user, "Ada@GMX.de", "as it was written");
        let icloud = find_servers("ada@icloud.com").expect("an address");
        assert_eq!(icloud.user, "ada", "there one signs in with the name alone");
        assert_eq!(icloud.smtp.map(|smtp| smtp.security), Some(Security::StartTls));
        let unknown = find_servers("ada@example.org").expect("an address");
        assert!(unknown.imap.is_none() && unknown.provider.is_none(), "nobody is guessed: {unknown:?}");
        for wrong in ["", "ada", "@example.org", "ada@localhost"] {
            assert!(find_servers(wrong).is_err(), "{wrong} is no address");
        }
    }
}
